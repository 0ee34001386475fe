/** Objects → JSON text, as the platform's serializer writes them: properties of beans, no nulls in them, times as numbers. */
package slslocal;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.Calendar;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

final class JsonWriter {
  /** What contains itself is found out by its depth. */
  private static final int MOST_LEVELS = 1000;

  private final StringBuilder out = new StringBuilder();
  private int level;

  private JsonWriter() {}

  /** Throws `IllegalArgumentException` for what JSON cannot hold. */
  static String write(Object value) {
    JsonWriter writer = new JsonWriter();
    writer.value(value);
    return writer.out.toString();
  }

  private void value(Object value) {
    if (value == null) out.append("null");
    else if (value instanceof CharSequence || value instanceof Character) string(value.toString());
    else if (value instanceof Boolean) out.append(value);
    else if (value instanceof Number) number((Number) value);
    else if (value instanceof Enum) string(((Enum<?>) value).name());
    else if (value instanceof Map) map((Map<?, ?>) value);
    else if (value instanceof Iterable && !(value instanceof java.nio.file.Path)) list(((Iterable<?>) value).iterator());
    else if (value instanceof Iterator) list((Iterator<?>) value);
    else if (value instanceof byte[]) string(Base64.getEncoder().encodeToString((byte[]) value));
    else if (value instanceof ByteBuffer) string(base64((ByteBuffer) value));
    else if (value instanceof char[]) string(new String((char[]) value));
    else if (value.getClass().isArray()) array(value);
    else if (!optional(value) && !time(value)) object(value);
  }

  private void number(Number number) {
    if (number instanceof Double && !isFinite(number.doubleValue()) || number instanceof Float && !isFinite(number.floatValue()))
      string(number.toString());
    else out.append(number);
  }

  private static boolean isFinite(double number) {
    return !Double.isNaN(number) && !Double.isInfinite(number);
  }

  private boolean optional(Object value) {
    if (value instanceof Optional) value(((Optional<?>) value).orElse(null));
    else if (value instanceof OptionalInt) value(((OptionalInt) value).isPresent() ? ((OptionalInt) value).getAsInt() : null);
    else if (value instanceof OptionalLong) value(((OptionalLong) value).isPresent() ? ((OptionalLong) value).getAsLong() : null);
    else if (value instanceof OptionalDouble)
      value(((OptionalDouble) value).isPresent() ? ((OptionalDouble) value).getAsDouble() : null);
    else return false;
    return true;
  }

  private boolean time(Object value) {
    if (value instanceof Date) out.append(((Date) value).getTime());
    else if (value instanceof Calendar) out.append(((Calendar) value).getTimeInMillis());
    else if (value instanceof Instant) seconds(((Instant) value).getEpochSecond(), ((Instant) value).getNano());
    else if (value instanceof OffsetDateTime) time(((OffsetDateTime) value).toInstant());
    else if (value instanceof ZonedDateTime) time(((ZonedDateTime) value).toInstant());
    else if (value instanceof Duration) seconds(((Duration) value).getSeconds(), ((Duration) value).getNano());
    else if (value instanceof LocalDate) value(parts((LocalDate) value));
    else if (value instanceof LocalTime) value(parts((LocalTime) value));
    else if (value instanceof LocalDateTime) {
      LocalDateTime both = (LocalDateTime) value;
      int[] date = parts(both.toLocalDate());
      int[] time = parts(both.toLocalTime());
      int[] all = Arrays.copyOf(date, date.length + time.length);
      System.arraycopy(time, 0, all, date.length, time.length);
      value(all);
    } else if (isPlain(value)) string(value.toString());
    else return false;
    return true;
  }

  /** Classes of the JDK whose text says all. */
  private static boolean isPlain(Object value) {
    String name = value.getClass().getName();
    if (value instanceof Class) return true;
    return name.startsWith("java.time.") || name.startsWith("java.net.") || name.startsWith("java.util.") || name.startsWith("java.io.") || name.startsWith("sun.nio.");
  }

  private void seconds(long seconds, int nanos) {
    out.append(seconds).append('.').append(String.format("%09d", nanos));
  }

  private static int[] parts(LocalDate date) {
    return new int[] {date.getYear(), date.getMonthValue(), date.getDayOfMonth()};
  }

  private static int[] parts(LocalTime time) {
    if (time.getNano() != 0) return new int[] {time.getHour(), time.getMinute(), time.getSecond(), time.getNano()};
    if (time.getSecond() != 0) return new int[] {time.getHour(), time.getMinute(), time.getSecond()};
    return new int[] {time.getHour(), time.getMinute()};
  }

  private static String base64(ByteBuffer buffer) {
    ByteBuffer copy = buffer.duplicate();
    byte[] bytes = new byte[copy.remaining()];
    copy.get(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private void map(Map<?, ?> map) {
    descend();
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!first) out.append(',');
      first = false;
      Object key = entry.getKey();
      string(key instanceof Enum ? ((Enum<?>) key).name() : String.valueOf(key));
      out.append(':');
      value(entry.getValue());
    }
    out.append('}');
    level--;
  }

  private void list(Iterator<?> items) {
    descend();
    out.append('[');
    for (boolean first = true; items.hasNext(); first = false) {
      if (!first) out.append(',');
      value(items.next());
    }
    out.append(']');
    level--;
  }

  private void array(Object array) {
    Object[] items = new Object[Array.getLength(array)];
    for (int i = 0; i < items.length; i++) items[i] = Array.get(array, i);
    list(Arrays.asList(items).iterator());
  }

  private void object(Object bean) {
    descend();
    List<Property> properties = Bean.of(bean.getClass()).readable();
    out.append('{');
    boolean first = true;
    for (Property property : properties) {
      Object value = property.get(bean);
      if (value == null) continue;
      if (!first) out.append(',');
      first = false;
      string(property.name);
      out.append(':');
      value(value);
    }
    out.append('}');
    level--;
  }

  private void descend() {
    if (++level > MOST_LEVELS)
      throw new IllegalArgumentException("nested deeper than " + MOST_LEVELS + " levels: does it contain itself?");
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c >= ' ') out.append(c);
      else if (c == '\n') out.append("\\n");
      else if (c == '\r') out.append("\\r");
      else if (c == '\t') out.append("\\t");
      else out.append(String.format("\\u%04x", (int) c));
    }
    out.append('"');
  }
}
