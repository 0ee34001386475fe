/** Makes the `Context` of an event. */
package slslocal;

import java.util.LinkedHashMap;
import java.util.Map;

final class ContextMaker {
  private final UserCode code;
  private final Log log;

  ContextMaker(UserCode code, Log log) {
    this.code = code;
    this.log = log;
  }

  Object make(Invocation event) {
    Object logger = log.logger(code);
    Object identity = identity(event.identity());
    Object client = clientContext(event.clientContext());
    return Facade.of(code, "Context", new Facade.Methods()
        .value("getAwsRequestId", event.requestId())
        .value("getLogGroupName", System.getenv("AWS_LAMBDA_LOG_GROUP_NAME"))
        .value("getLogStreamName", System.getenv("AWS_LAMBDA_LOG_STREAM_NAME"))
        .value("getFunctionName", System.getenv("AWS_LAMBDA_FUNCTION_NAME"))
        .value("getFunctionVersion", System.getenv("AWS_LAMBDA_FUNCTION_VERSION"))
        .value("getMemoryLimitInMB", Integer.parseInt(System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")))
        .value("getInvokedFunctionArn", event.functionArn())
        .value("getTenantId", event.tenantId())
        .value("getXrayTraceId", event.traceHeader())
        .value("getIdentity", identity)
        .value("getClientContext", client)
        .value("getLogger", logger)
        .put("getRemainingTimeInMillis", (arguments) -> (int) Math.max(0, event.deadline() - System.currentTimeMillis())));
  }

  private Object identity(String json) {
    if (json == null) return null;
    Map<?, ?> identity = (Map<?, ?>) JsonReader.read(json);
    return Facade.of(code, "CognitoIdentity", new Facade.Methods()
        .value("getIdentityId", identity.get("cognitoIdentityId"))
        .value("getIdentityPoolId", identity.get("cognitoIdentityPoolId")));
  }

  private Object clientContext(String json) {
    if (json == null) return null;
    Map<?, ?> context = (Map<?, ?>) JsonReader.read(json);
    return Facade.of(code, "ClientContext", new Facade.Methods()
        .value("getClient", client((Map<?, ?>) context.get("client")))
        .value("getCustom", texts((Map<?, ?>) context.get("custom")))
        .value("getEnvironment", texts((Map<?, ?>) context.get("env"))));
  }

  private Object client(Map<?, ?> client) {
    if (client == null) return null;
    return Facade.of(code, "Client", new Facade.Methods()
        .value("getInstallationId", client.get("installation_id"))
        .value("getAppTitle", client.get("app_title"))
        .value("getAppVersionName", client.get("app_version_name"))
        .value("getAppVersionCode", client.get("app_version_code"))
        .value("getAppPackageName", client.get("app_package_name")));
  }

  private static Map<String, String> texts(Map<?, ?> map) {
    if (map == null) return null;
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Object value = entry.getValue();
      boolean plain = value == null || value instanceof String;
      texts.put(String.valueOf(entry.getKey()), plain ? (String) value : JsonWriter.write(value));
    }
    return texts;
  }
}
