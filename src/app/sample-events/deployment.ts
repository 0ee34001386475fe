/** What builds, pipelines and stacks tell and ask: CodeBuild, CodeCommit, CodePipeline, the CDK, Auto Scaling. */
import { makeBusEvent, makeCustomResource } from './buses.ts';
import { arn, oneOf, type Sample, type SampleSource } from './sample.ts';

export const deploymentSources: readonly SampleSource[] = [
  {
    name: 'cdk-custom-resource',
    describe: 'CDK provider framework: --type Create, Update or Delete; --body its properties',
    type: 'CdkCustomResourceEvent',
    options: ['type', 'body', 'name'],
    make: makeCustomResource,
  },
  {
    name: 'codebuild',
    describe: 'CodeBuild, a build changed its state: --type IN_PROGRESS, SUCCEEDED, FAILED or STOPPED',
    type: 'CodeBuildCloudWatchStateEvent',
    options: ['type', 'name'],
    make: makeBuildState,
  },
  {
    name: 'codecommit',
    describe: 'CodeCommit, somebody pushed; --name is the repository, --key the branch',
    type: 'CodeCommitTriggerEvent',
    options: ['name', 'key', 'body'],
    make: makePush,
  },
  {
    name: 'codepipeline',
    describe: 'CodePipeline, a job of an action that calls the function; --body its user parameters',
    type: 'CodePipelineEvent',
    options: ['body', 'bucket'],
    make: makeJob,
  },
  {
    name: 'codepipeline-state',
    describe: 'CodePipeline, a state changed: --type pipeline, stage or action',
    type: 'CodePipelineCloudWatchEvent',
    options: ['type', 'name'],
    make: makePipelineState,
  },
  {
    name: 'autoscaling-scale-in',
    describe: 'Auto Scaling, which instances may end: --type SCALE_IN, INSTANCE_REFRESH, …',
    type: 'AutoScalingScaleInEvent',
    options: ['type', 'name'],
    make: makeScaleIn,
  },
];

/** Of a bus, with another sender and detail. */
function onTheBus(sample: Sample, source: string, type: string, resources: string[], detail: object) {
  const given = { source, type };
  return { ...makeBusEvent({ ...sample, given }), resources, detail };
}

function makeBuildState(sample: Sample) {
  const { ids, at, given } = sample;
  const name = given.name ?? 'project';
  const states = ['SUCCEEDED', 'IN_PROGRESS', 'FAILED', 'STOPPED'] as const;
  const state = oneOf(given.type ?? 'SUCCEEDED', states, 'type');
  const id = arn(sample, 'codebuild', `build/${name}:${ids.uuid()}`);
  const start = buildTime(at - 60_000);
  return onTheBus(sample, 'aws.codebuild', 'CodeBuild Build State Change', [id], {
    'build-status': state,
    'project-name': name,
    'build-id': id,
    'current-phase': state === 'IN_PROGRESS' ? 'BUILD' : 'COMPLETED',
    'current-phase-context': '[]',
    version: '1',
    'additional-information': {
      cache: { type: 'NO_CACHE' },
      'build-number': 1,
      'timeout-in-minutes': 60,
      'build-complete': state !== 'IN_PROGRESS',
      initiator: 'local',
      'build-start-time': start,
      source: { buildspec: 'buildspec.yml', location: 'bucket/source.zip', type: 'S3' },
      'source-version': '',
      artifact: { location: `arn:aws:s3:::bucket/${name}.zip` },
      environment: {
        image: 'aws/codebuild/standard:7.0',
        'privileged-mode': false,
        'image-pull-credentials-type': 'CODEBUILD',
        'compute-type': 'BUILD_GENERAL1_SMALL',
        type: 'LINUX_CONTAINER',
        'environment-variables': [],
      },
      'project-file-system-locations': [],
      logs: { 'group-name': `/aws/codebuild/${name}`, 'stream-name': ids.uuid(), 'deep-link': '' },
      phases: [
        {
          'phase-context': [],
          'start-time': start,
          'end-time': buildTime(at),
          'duration-in-seconds': 60,
          'phase-type': 'BUILD',
          'phase-status': state === 'FAILED' ? 'FAILED' : 'SUCCEEDED',
        },
      ],
      'queued-timeout-in-minutes': 480,
    },
  });
}

/** `Jan 1, 2026 12:00:00 AM`, as builds write it. */
function buildTime(at: number): string {
  const [day, time] = [{ dateStyle: 'medium' }, { timeStyle: 'medium' }].map((style) =>
    new Intl.DateTimeFormat('en-US', { ...(style as Intl.DateTimeFormatOptions), timeZone: 'UTC' }).format(
      at,
    ),
  );
  return `${day} ${time?.replaceAll('\u202f', ' ')}`;
}

function makePush(sample: Sample) {
  const { ids, at, region, accountId, given } = sample;
  return {
    Records: [
      {
        awsRegion: region,
        codecommit: { references: [{ commit: ids.hex(20), ref: `refs/heads/${given.key ?? 'main'}` }] },
        ...(given.body !== undefined && { customData: given.body }),
        eventId: ids.uuid(),
        eventName: 'ReferenceChanges',
        eventPartNumber: 1,
        eventSource: 'aws:codecommit',
        eventSourceARN: arn(sample, 'codecommit', given.name ?? 'repository'),
        eventTime: new Date(at).toISOString().replace('Z', '+0000'),
        eventTotalParts: 1,
        eventTriggerConfigId: ids.uuid(),
        eventTriggerName: 'trigger',
        eventVersion: '1.0',
        userIdentityARN: `arn:aws:iam::${accountId}:user/local`,
      },
    ],
  };
}

function makeJob({ ids, accountId, given }: Sample) {
  const bucketName = given.bucket ?? 'bucket';
  const artifact = (name: string) => ({
    name,
    revision: null,
    location: { type: 'S3', s3Location: { bucketName, objectKey: `pipeline/${name}/${ids.hex(4)}` } },
  });
  return {
    'CodePipeline.job': {
      id: ids.uuid(),
      accountId,
      data: {
        actionConfiguration: {
          configuration: { FunctionName: 'function', UserParameters: given.body ?? '' },
        },
        inputArtifacts: [artifact('Source')],
        outputArtifacts: [],
        artifactCredentials: { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: 'local' },
      },
    },
  };
}

function makePipelineState(sample: Sample) {
  const { ids, given } = sample;
  const pipeline = given.name ?? 'pipeline';
  const what = oneOf(given.type ?? 'pipeline', ['pipeline', 'stage', 'action'], 'type');
  const detail = {
    pipeline,
    version: 1,
    'execution-id': ids.uuid(),
    state: 'SUCCEEDED',
    ...(what !== 'pipeline' && { stage: 'Build' }),
    ...(what === 'action' && {
      action: 'Build',
      type: { owner: 'AWS', category: 'Build', provider: 'CodeBuild', version: 1 },
    }),
  };
  const type = `CodePipeline ${what[0]?.toUpperCase()}${what.slice(1)} Execution State Change`;
  return onTheBus(sample, 'aws.codepipeline', type, [arn(sample, 'codepipeline', pipeline)], detail);
}

function makeScaleIn(sample: Sample) {
  const { ids, region, given } = sample;
  const name = given.name ?? 'group';
  const causes = ['SCALE_IN', 'INSTANCE_REFRESH', 'MAX_INSTANCE_LIFETIME', 'REBALANCE'] as const;
  const place = { AvailabilityZone: `${region}a`, InstanceMarketOption: 'on-demand' };
  const instance = () => ({ ...place, InstanceId: `i-0${ids.hex(8)}`, InstanceType: 't3.micro' });
  return {
    AutoScalingGroupARN: arn(
      sample,
      'autoscaling',
      `autoScalingGroup:${ids.uuid()}:autoScalingGroupName/${name}`,
    ),
    AutoScalingGroupName: name,
    CapacityToTerminate: [{ ...place, Capacity: 1 }],
    Instances: [instance(), instance()],
    Cause: oneOf(given.type ?? 'SCALE_IN', causes, 'type'),
  };
}
