/** JSON values → objects of the type a handler asks for, as lenient as the platform's deserializer. */
package slslocal;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

final class Binder {
  private Binder() {}

  /** Throws `IllegalArgumentException` that names the type and what was found. */
  static Object bind(Object value, Type type) {
    Class<?> raw = Types.rawOf(type);
    if (raw == Optional.class) return Optional.ofNullable(bind(value, Types.argument(type, Optional.class, 0)));
    if (value == null) return zeroOf(raw);
    if (raw.isInstance(value) && (raw == Object.class || isPlain(value))) return value;
    if (raw.isArray()) return array(value, type, raw);
    if (raw == ByteBuffer.class && value instanceof String) return ByteBuffer.wrap(Base64.getDecoder().decode((String) value));
    if (Collection.class.isAssignableFrom(raw) || raw == Iterable.class) return collection(value, type, raw);
    if (Map.class.isAssignableFrom(raw) && value instanceof Map) return map((Map<?, ?>) value, type, raw);
    if (value instanceof List) return unwrapped((List<?>) value, type);
    if (!(value instanceof Map)) return Scalars.bind(value, raw);
    if (Scalars.isScalar(raw) || raw.isInterface() || Modifier.isAbstract(raw.getModifiers())) throw mismatch(value, raw);
    return Records.isRecord(raw) ? Records.bind((Map<?, ?>) value, type, raw) : bean((Map<?, ?>) value, type, raw);
  }

  /** What a primitive is when nothing is said of it; null for others. */
  static Object zeroOf(Class<?> raw) {
    if (!raw.isPrimitive() || raw == void.class) return null;
    return Array.get(Array.newInstance(raw, 1), 0);
  }

  static IllegalArgumentException mismatch(Object value, Class<?> raw) {
    String found = value instanceof Map ? "an object" : value instanceof List ? "a list" : JsonWriter.write(value);
    return new IllegalArgumentException("Cannot deserialize value of type `" + raw.getName() + "` from " + found);
  }

  private static boolean isPlain(Object value) {
    return !(value instanceof Map) && !(value instanceof List);
  }

  private static Object bean(Map<?, ?> values, Type type, Class<?> raw) {
    Bean bean = Bean.of(raw);
    Object made = bean.instantiate();
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      Property property = bean.settable((String) entry.getKey());
      if (property == null) continue;
      Type wanted = Types.resolved(property.type(), type);
      try {
        boolean secondsOfEvent = Bean.isEventClass(raw.getName()) && entry.getValue() instanceof Number;
        property.set(made, secondsOfEvent ? Scalars.bindSeconds((Number) entry.getValue(), wanted) : bind(entry.getValue(), wanted));
      } catch (IllegalArgumentException failure) {
        throw new IllegalArgumentException(failure.getMessage() + " (in " + raw.getName() + "[\"" + entry.getKey() + "\"])", failure.getCause());
      }
    }
    return made;
  }

  private static Object unwrapped(List<?> list, Type type) {
    if (list.isEmpty()) return null;
    if (list.size() == 1) return bind(list.get(0), type);
    throw mismatch(list, Types.rawOf(type));
  }

  private static Object array(Object value, Type type, Class<?> raw) {
    if (raw == byte[].class && value instanceof String) return Base64.getDecoder().decode((String) value);
    if (raw == char[].class && value instanceof String) return ((String) value).toCharArray();
    Type item = type instanceof GenericArrayType ? ((GenericArrayType) type).getGenericComponentType() : raw.getComponentType();
    List<?> values = listOf(value);
    Object made = Array.newInstance(raw.getComponentType(), values.size());
    for (int i = 0; i < values.size(); i++) Array.set(made, i, bind(values.get(i), item));
    return made;
  }

  private static Object collection(Object value, Type type, Class<?> raw) {
    if ("".equals(value)) return null;
    Type item = raw == Iterable.class ? Types.argument(type, Iterable.class, 0) : Types.argument(type, Collection.class, 0);
    Collection<Object> made = emptyCollection(raw);
    for (Object one : listOf(value)) made.add(bind(one, item));
    return made;
  }

  private static List<?> listOf(Object value) {
    return value instanceof List ? (List<?>) value : Collections.singletonList(value);
  }

  @SuppressWarnings("unchecked")
  private static Collection<Object> emptyCollection(Class<?> raw) {
    if (!isAbstract(raw)) return (Collection<Object>) Bean.of(raw).instantiate();
    if (SortedSet.class.isAssignableFrom(raw)) return new TreeSet<>();
    if (Set.class.isAssignableFrom(raw)) return new LinkedHashSet<>();
    if (Queue.class.isAssignableFrom(raw)) return new ArrayDeque<>();
    return new ArrayList<>();
  }

  private static Object map(Map<?, ?> values, Type type, Class<?> raw) {
    Type key = Types.argument(type, Map.class, 0);
    Type item = Types.argument(type, Map.class, 1);
    Map<Object, Object> made = emptyMap(raw, key);
    for (Map.Entry<?, ?> entry : values.entrySet()) made.put(bind(entry.getKey(), key), bind(entry.getValue(), item));
    return made;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Map<Object, Object> emptyMap(Class<?> raw, Type key) {
    if (raw == java.util.EnumMap.class) return new java.util.EnumMap(Types.rawOf(key));
    if (!isAbstract(raw)) return (Map<Object, Object>) Bean.of(raw).instantiate();
    if (SortedMap.class.isAssignableFrom(raw)) return new TreeMap<>();
    if (ConcurrentMap.class.isAssignableFrom(raw)) return new ConcurrentHashMap<>();
    return new LinkedHashMap<>();
  }

  private static boolean isAbstract(Class<?> raw) {
    return raw.isInterface() || Modifier.isAbstract(raw.getModifiers());
  }
}
