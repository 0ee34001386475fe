// @ts-check
'use strict';
/** The handler that is loaded and run for practice; most handlers load a package that says what it exports. */
const answer = require('sls-local-rehearsed/answer');

exports.handler = async () => answer;
