/** What the function prints: standard output line by line, and the logger of its context in the format that is set. */
package slslocal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class Log {
  private static final List<String> LEVELS = Arrays.asList("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final boolean json = "JSON".equalsIgnoreCase(System.getenv("AWS_LAMBDA_LOG_FORMAT"));
  private final int least = LEVELS.indexOf(System.getenv("AWS_LAMBDA_LOG_LEVEL"));
  private volatile Invocation event;

  /** The encoding of a JVM follows the language of the machine, which a container may not know. */
  static void openOutput() throws UnsupportedEncodingException {
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8"));
    System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, "UTF-8"));
  }

  void begin(Invocation next) {
    event = next;
  }

  void flush() {
    System.out.flush();
    System.err.flush();
  }

  void fault(Fault fault) {
    write(fault.report(), json ? "ERROR" : null);
    flush();
  }

  /** The logger of logging libraries that know the platform. */
  void giveTo(UserCode code) {
    Class<?> runtime = code.runtimeClass("LambdaRuntime");
    if (runtime == null) return;
    try {
      Field logger = runtime.getDeclaredField("logger");
      logger.setAccessible(true);
      logger.set(null, logger(code));
    } catch (ReflectiveOperationException | RuntimeException otherwiseMade) {
      // It keeps its own, which prints.
      return;
    }
  }

  /** A `LambdaLogger`. */
  Object logger(UserCode code) {
    return Facade.of(code, "LambdaLogger", new Facade.Methods().put("log", (arguments) -> {
      Object message = arguments[0];
      String text = message instanceof byte[] ? new String((byte[]) message, StandardCharsets.UTF_8) : String.valueOf(message);
      write(text, arguments.length > 1 && arguments[1] != null ? arguments[1].toString() : null);
      return null;
    }));
  }

  private void write(String text, String level) {
    String named = level == null || level.equals("UNDEFINED") ? null : level;
    if (json && named != null && LEVELS.indexOf(named) < least) return;
    String line = json ? record(text, level) : (named == null ? "" : "[" + named + "] ") + text;
    System.out.print(line.endsWith("\n") ? line : line + "\n");
  }

  private String record(String text, String level) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("timestamp", TIME.format(Instant.now()));
    record.put("message", text);
    record.put("level", level == null ? "UNDEFINED" : level);
    Invocation current = event;
    if (current != null) record.put("AWSRequestId", current.requestId());
    if (current != null && current.tenantId() != null) record.put("tenantId", current.tenantId());
    return JsonWriter.write(record);
  }
}
