/** Texts, numbers and booleans of JSON → the classes that stand for one value: numbers, enums, times, whatever has a text form. */
package slslocal;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;

final class Scalars {
  private static final String[] FACTORIES = {"parse", "valueOf", "fromString", "of"};
  private static final Map<Class<?>, Class<?>> BOXES = new HashMap<>();

  static {
    BOXES.put(boolean.class, Boolean.class);
    BOXES.put(char.class, Character.class);
    BOXES.put(byte.class, Byte.class);
    BOXES.put(short.class, Short.class);
    BOXES.put(int.class, Integer.class);
    BOXES.put(long.class, Long.class);
    BOXES.put(float.class, Float.class);
    BOXES.put(double.class, Double.class);
  }

  private Scalars() {}

  static boolean isScalar(Class<?> raw) {
    return raw.isPrimitive()
        || raw.isEnum()
        || raw == String.class
        || raw == Boolean.class
        || raw == Character.class
        || Number.class.isAssignableFrom(raw)
        || raw.getName().startsWith("java.time.");
  }

  static Object bind(Object value, Class<?> wanted) {
    Class<?> raw = BOXES.getOrDefault(wanted, wanted);
    if (raw == String.class || raw == CharSequence.class) return value.toString();
    boolean empty = value instanceof String && ((String) value).trim().isEmpty();
    if (empty) return Binder.zeroOf(wanted);
    if (raw == Boolean.class) return bool(value);
    if (raw == Character.class && value.toString().length() == 1) return value.toString().charAt(0);
    if (Number.class.isAssignableFrom(raw)) return number(value, raw);
    if (raw.isEnum()) return constant(value, raw);
    Object time = value instanceof Number ? timeOfNumber((Number) value, raw) : timeOfText(value.toString(), raw);
    if (time != null) return time;
    Object made = ofText(value.toString(), raw);
    if (made == null) throw Binder.mismatch(value, raw);
    return made;
  }

  /** In the platform's events a number for a time counts seconds; elsewhere a `Date` counts milliseconds. */
  static Object bindSeconds(Number value, Type wanted) {
    Class<?> raw = Types.rawOf(wanted);
    if (raw != Date.class) return Binder.bind(value, wanted);
    return value.doubleValue() == 0 ? null : new Date((long) (value.doubleValue() * 1000));
  }

  private static Object bool(Object value) {
    if (value instanceof Boolean) return value;
    if (value instanceof Number) return ((Number) value).doubleValue() != 0;
    if ("true".equalsIgnoreCase(value.toString())) return true;
    if ("false".equalsIgnoreCase(value.toString())) return false;
    throw Binder.mismatch(value, Boolean.class);
  }

  private static Object number(Object value, Class<?> raw) {
    BigDecimal number;
    try {
      number = new BigDecimal(value.toString().trim());
    } catch (NumberFormatException wrong) {
      throw Binder.mismatch(value, raw);
    }
    if (raw == Integer.class) return inRange(number, raw, Integer.MIN_VALUE, Integer.MAX_VALUE).intValue();
    if (raw == Long.class) return inRange(number, raw, Long.MIN_VALUE, Long.MAX_VALUE).longValue();
    if (raw == Short.class) return inRange(number, raw, Short.MIN_VALUE, Short.MAX_VALUE).shortValue();
    if (raw == Byte.class) return inRange(number, raw, Byte.MIN_VALUE, 255).byteValue();
    if (raw == Double.class) return number.doubleValue();
    if (raw == Float.class) return number.floatValue();
    if (raw == BigInteger.class) return number.toBigInteger();
    if (raw == BigDecimal.class) return number;
    if (raw == Number.class && value instanceof Number) return value;
    Object made = ofText(value.toString(), raw);
    if (made == null) throw Binder.mismatch(value, raw);
    return made;
  }

  private static BigInteger inRange(BigDecimal number, Class<?> raw, long least, long most) {
    BigInteger whole = number.toBigInteger();
    boolean fits = whole.compareTo(BigInteger.valueOf(least)) >= 0 && whole.compareTo(BigInteger.valueOf(most)) <= 0;
    if (fits) return whole;
    throw new IllegalArgumentException("Numeric value (" + number + ") out of range of " + raw.getName());
  }

  /** Null for one there is not. */
  private static Object constant(Object value, Class<?> raw) {
    Object[] constants = raw.getEnumConstants();
    if (value instanceof Integer) {
      int index = (Integer) value;
      return index >= 0 && index < constants.length ? constants[index] : null;
    }
    for (Object constant : constants) if (((Enum<?>) constant).name().equals(value)) return constant;
    return null;
  }

  private static Object timeOfNumber(Number value, Class<?> raw) {
    if (raw == Date.class) return new Date(value.longValue());
    if (raw == Calendar.class) return calendar(new Date(value.longValue()));
    if (raw != Instant.class && raw != OffsetDateTime.class && raw != java.time.ZonedDateTime.class) return null;
    BigDecimal seconds = new BigDecimal(value.toString());
    int nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9).intValue();
    Instant instant = Instant.ofEpochSecond(seconds.longValue(), nanos);
    if (raw == Instant.class) return instant;
    return raw == OffsetDateTime.class ? instant.atOffset(ZoneOffset.UTC) : instant.atZone(ZoneOffset.UTC);
  }

  private static Object timeOfText(String text, Class<?> raw) {
    if (raw != Date.class && raw != Calendar.class && raw != Instant.class) return null;
    String full = text.length() == 10 ? text + "T00:00:00Z" : text.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2");
    Instant instant;
    try {
      instant = OffsetDateTime.parse(full.matches(".*(Z|[+-]\\d\\d:\\d\\d)$") ? full : full + "Z").toInstant();
    } catch (RuntimeException wrong) {
      throw Binder.mismatch(text, raw);
    }
    if (raw == Instant.class) return instant;
    return raw == Date.class ? Date.from(instant) : calendar(Date.from(instant));
  }

  private static Calendar calendar(Date date) {
    Calendar calendar = Calendar.getInstance();
    calendar.setTime(date);
    return calendar;
  }

  /** By a constructor or static method that takes a text: `UUID.fromString`, `LocalDate.parse`, `new URI`, Joda's `DateTime.parse`. */
  private static Object ofText(String text, Class<?> raw) {
    for (String name : FACTORIES)
      for (Class<?> taken : new Class<?>[] {String.class, CharSequence.class}) {
        Method factory = factoryOf(raw, name, taken);
        if (factory != null) return call(raw, text, () -> factory.invoke(null, text));
      }
    Constructor<?> constructor = constructorOf(raw);
    return constructor == null ? null : call(raw, text, () -> constructor.newInstance(text));
  }

  private interface Maker {
    Object make() throws ReflectiveOperationException;
  }

  private static Object call(Class<?> raw, String text, Maker maker) {
    try {
      return maker.make();
    } catch (ReflectiveOperationException failure) {
      throw Binder.mismatch(text, raw);
    }
  }

  private static Method factoryOf(Class<?> raw, String name, Class<?> taken) {
    try {
      Method method = raw.getMethod(name, taken);
      return Modifier.isStatic(method.getModifiers()) && raw.isAssignableFrom(method.getReturnType()) ? method : null;
    } catch (NoSuchMethodException none) {
      return null;
    }
  }

  private static Constructor<?> constructorOf(Class<?> raw) {
    try {
      return raw.getConstructor(String.class);
    } catch (NoSuchMethodException none) {
      return null;
    }
  }
}
