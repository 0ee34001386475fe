/** Of the platform's interface for handlers (aws-lambda-java-core): for functions whose package leaves it to the runtime. */
package com.amazonaws.services.lambda.runtime;

import java.util.Map;

public interface ClientContext {
  Client getClient();

  Map<String, String> getCustom();

  Map<String, String> getEnvironment();
}
