/** Of the platform's interface for handlers (aws-lambda-java-core): for functions whose package leaves it to the runtime. */
package com.amazonaws.services.lambda.runtime;

public interface Context {
  String getAwsRequestId();

  String getLogGroupName();

  String getLogStreamName();

  String getFunctionName();

  String getFunctionVersion();

  String getInvokedFunctionArn();

  CognitoIdentity getIdentity();

  ClientContext getClientContext();

  int getRemainingTimeInMillis();

  int getMemoryLimitInMB();

  LambdaLogger getLogger();

  default String getTenantId() {
    return null;
  }

  default String getXrayTraceId() {
    return null;
  }
}
