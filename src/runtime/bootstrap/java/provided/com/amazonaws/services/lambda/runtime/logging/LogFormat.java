/** Of the platform's interface for handlers (aws-lambda-java-core): for functions whose package leaves it to the runtime. */
package com.amazonaws.services.lambda.runtime.logging;

public enum LogFormat {
  JSON,
  TEXT
}
