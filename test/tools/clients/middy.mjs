import middy from '@middy/core';
import errors from '@middy/http-error-handler';
import json from '@middy/http-json-body-parser';
export const handler = middy(async (event) => ({
  statusCode: 200,
  body: JSON.stringify({ got: event.body.n }),
}))
  .use(json())
  .use(errors());
