/** What a template's project is given when nothing else is said. */

/** The account every local ARN is in. */
export const localAccountId = '000000000000';
export const defaultRegion = 'us-east-1';
export const defaultStage = 'dev';
