/** Of the platform's interface for handlers (aws-lambda-java-core): for functions whose package leaves it to the runtime. */
package com.amazonaws.services.lambda.runtime;

public final class LambdaRuntime {
  /** Set by the runtime. */
  private static volatile LambdaLogger logger;

  private LambdaRuntime() {}

  public static LambdaLogger getLogger() {
    return logger;
  }
}
