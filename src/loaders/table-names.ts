/** What tables and indexes may be called, and how many indexes a table may have. Source: DynamoDB Developer Guide, "Quotas". */
export const TABLE_NAME_HINT = 'give a name of 3 to 255 letters, digits, _ . and -';
export const MAX_GLOBAL_INDEXES = 20;
export const MAX_LOCAL_INDEXES = 5;

export function isTableName(name: string): boolean {
  return /^[a-zA-Z0-9_.-]{3,255}$/.test(name);
}
