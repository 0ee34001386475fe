/** Of the platform's interface for handlers (aws-lambda-java-core): for functions whose package leaves it to the runtime. */
package com.amazonaws.services.lambda.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

public interface RequestStreamHandler {
  void handleRequest(InputStream input, OutputStream output, Context context) throws IOException;
}
