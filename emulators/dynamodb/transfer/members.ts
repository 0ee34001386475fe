/** Members of export and import requests. */
import { text } from '../input/scalars.ts';

export const bucketName = text({
  maxLength: 255,
  pattern: '^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$',
});
export const bucketOwner = text({ pattern: '[0-9]{12}' });
export const objectPrefix = text({ maxLength: 1024 });
export const clientToken = text({ pattern: '^[^\\$]+$' });
export const transferArn = text({ minLength: 37, maxLength: 1024 });
