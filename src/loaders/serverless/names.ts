/** Names the framework gives: functions in the cloud, and resources in the stack it makes. */

/** `send-mail` → `SendDashmail`: the form a function's key takes in logical ids. */
export function normalizedName(functionKey: string): string {
  const name = functionKey.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function functionLogicalId(functionKey: string): string {
  return `${normalizedName(functionKey)}LambdaFunction`;
}

/** Layer `common` → `CommonLambdaLayer`, which functions refer to. */
export function layerLogicalId(layerKey: string): string {
  return `${normalizedName(layerKey)}LambdaLayer`;
}

/** Topic `dispatch` of an event → `SNSTopicDispatch`. */
export function topicLogicalId(topicName: string): string {
  return `SNSTopic${lettersAndDigits(topicName)}`;
}

/** Bucket `my-photos` of an event, or key of `provider.s3` → `S3BucketMyphotos`. */
export function bucketLogicalId(bucket: string): string {
  return `S3Bucket${lettersAndDigits(bucket)}`;
}

function lettersAndDigits(text: string): string {
  const name = text.replaceAll(/[^0-9A-Za-z]/g, '');
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
