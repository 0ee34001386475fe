// @ts-check
'use strict';
/** What the rehearsed handler answers. */
module.exports = { statusCode: 200 };
