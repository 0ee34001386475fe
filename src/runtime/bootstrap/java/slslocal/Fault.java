/** A failure as it is told to the caller: the class of the exception, its message, and the author's part of its stack. */
package slslocal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class Fault extends Exception {
  private static final long serialVersionUID = 1;

  /** Null where it is no exception's class. */
  final String type;
  /** Null where the failure has no place in the author's code. */
  private final List<String> trace;
  private final Throwable thrown;

  private Fault(String message, String type, List<String> trace, Throwable thrown) {
    super(message, null, false, false);
    this.type = type;
    this.trace = trace;
    this.thrown = thrown;
  }

  static Fault of(Throwable thrown) {
    if (thrown instanceof Fault) return (Fault) thrown;
    String message = thrown.getLocalizedMessage();
    String type = thrown.getClass().getName();
    return new Fault(message == null ? type : message, type, framesOf(thrown), thrown);
  }

  /** The handler cannot be had; `cause` may be null. */
  static Fault loading(String message, Throwable cause) {
    return new Fault(message, cause == null ? null : cause.getClass().getName(), null, cause);
  }

  String toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("errorMessage", getMessage());
    if (type != null) json.put("errorType", type);
    if (trace != null) json.put("stackTrace", trace);
    return JsonWriter.write(json);
  }

  /** As the log tells it: message, class, and the stacks of it and of its causes. */
  String report() {
    StringBuilder text = new StringBuilder(getMessage());
    if (type != null) text.append(": ").append(type);
    List<Throwable> told = new ArrayList<>();
    for (Throwable next = trace == null ? null : thrown; next != null && !told.contains(next); next = next.getCause()) {
      text.append(told.isEmpty() ? "\n" : "\nCaused by: ").append(next);
      for (String frame : framesOf(next)) text.append("\n\tat ").append(frame);
      told.add(next);
    }
    return text.toString();
  }

  /** Up to our own frames and those of the reflection between. */
  private static List<String> framesOf(Throwable thrown) {
    List<String> frames = new ArrayList<>();
    StackTraceElement[] stack = thrown.getStackTrace();
    int end = 0;
    while (end < stack.length && !stack[end].getClassName().startsWith("slslocal.")) end++;
    if (end < stack.length) while (end > 0 && isReflection(stack[end - 1].getClassName())) end--;
    for (int i = 0; i < end; i++) frames.add(stack[i].toString());
    return frames;
  }

  private static boolean isReflection(String name) {
    return name.startsWith("java.lang.reflect.")
        || name.startsWith("jdk.internal.reflect.")
        || name.startsWith("sun.reflect.")
        || name.startsWith("java.lang.invoke.");
  }
}
