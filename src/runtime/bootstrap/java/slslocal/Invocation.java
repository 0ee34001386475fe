/** One event as the Runtime API hands it over. */
package slslocal;

import java.util.Map;

final class Invocation {
  final byte[] body;
  /** Names in lower case. */
  private final Map<String, String> headers;

  Invocation(byte[] body, Map<String, String> headers) {
    this.body = body;
    this.headers = headers;
  }

  String requestId() {
    return header("aws-request-id");
  }

  /** Tells this delivery from another one of the same request; null from a platform that has none. */
  String nonce() {
    return header("invocation-id");
  }

  String traceHeader() {
    return header("trace-id");
  }

  String functionArn() {
    return header("invoked-function-arn");
  }

  String tenantId() {
    return header("aws-tenant-id");
  }

  /** JSON text or null. */
  String clientContext() {
    return header("client-context");
  }

  /** JSON text or null. */
  String identity() {
    return header("cognito-identity");
  }

  /** Epoch ms. */
  long deadline() {
    String text = header("deadline-ms");
    return text == null ? 0 : Long.parseLong(text);
  }

  private String header(String name) {
    return headers.get("lambda-runtime-" + name);
  }
}
