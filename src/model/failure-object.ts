/** What the objects are called that a bucket gets as records of what failed. */

/**
 * `place`: `async/<function>`, `<mapping's UUID>/<shard>`. Source: Lambda guide, "Capturing records of Lambda asynchronous
 * invocations", "Retain discarded records".
 */
export function failureObjectKey(place: string, at: number, uuid: string): string {
  const time = new Date(at).toISOString();
  const day = time.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/${place}/${day}/${time.slice(0, 19).replaceAll(':', '.')}-${uuid}`;
}

export function isBucketArn(arn: string): boolean {
  return /^arn:[^:]+:s3:::/.test(arn);
}
