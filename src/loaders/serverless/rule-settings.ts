/** What a rule hands to its function, and how often: the settings `eventBridge`, `cloudwatchEvent` and `schedule` events share. */
import { isMap, mapOf, textOf } from '../cloudformation/template.ts';
import { targetSettings } from '../event-rules.ts';
import type { Fields } from '../fields.ts';

export function ruleSettings(section: Fields) {
  const { input, inputPath, inputTransformer, retryPolicy, deadLetterQueueArn } = section.values;
  const { inputPathsMap, inputTemplate } = mapOf(inputTransformer);
  const { maximumEventAge, maximumRetryAttempts } = mapOf(retryPolicy);
  return targetSettings({
    Input: input,
    InputPath: inputPath,
    InputTransformer: isMap(inputTransformer)
      ? {
          ...(inputPathsMap !== undefined && { InputPathsMap: inputPathsMap }),
          InputTemplate: inputTemplate,
        }
      : undefined,
    RetryPolicy: isMap(retryPolicy)
      ? {
          ...(maximumEventAge !== undefined && { MaximumEventAgeInSeconds: maximumEventAge }),
          ...(maximumRetryAttempts !== undefined && { MaximumRetryAttempts: maximumRetryAttempts }),
        }
      : undefined,
    DeadLetterConfig: deadLetterQueueArn === undefined ? undefined : { Arn: textOf(deadLetterQueueArn) },
  });
}
