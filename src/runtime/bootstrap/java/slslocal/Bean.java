/** The properties of a class, by the rules for beans: getters and setters, and public fields. */
package slslocal;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

final class Bean {
  private static final Map<Class<?>, Bean> KNOWN = new ConcurrentHashMap<>();

  final Class<?> type;
  /**
   * Classes of the platform's events are named as their JSON but for capitals (`Records`, `eventSourceARN`), and some have
   * neither setters nor a constructor without arguments; of classes of the author's the platform expects both.
   */
  private final boolean isEvent;
  private final Map<String, Property> properties = new LinkedHashMap<>();
  private final Map<String, Property> byFoldedName = new LinkedHashMap<>();

  private Bean(Class<?> type) {
    this.type = type;
    this.isEvent = isEventClass(type.getName());
    Map<String, Property> found = new LinkedHashMap<>();
    Map<String, Property> byMethods = new TreeMap<>();
    List<Class<?>> line = Records.isRecord(type) ? new ArrayList<>() : lineOf(type);
    if (Records.isRecord(type)) Records.addTo(found, type);
    for (Class<?> one : line) for (Field field : one.getDeclaredFields()) addField(found, field);
    for (Class<?> one : line) for (Method method : one.getDeclaredMethods()) addMethod(found, byMethods, method);
    found.putAll(byMethods);
    for (Property property : found.values()) {
      if (!property.isReadable() && !property.isSettable()) continue;
      properties.put(property.name, property);
      byFoldedName.put(property.name.toLowerCase(Locale.ROOT), property);
    }
  }

  static Bean of(Class<?> type) {
    return KNOWN.computeIfAbsent(type, Bean::new);
  }

  static boolean isEventClass(String name) {
    return name.startsWith(UserCode.RUNTIME + "events.")
        || name.startsWith("com.amazonaws.services.dynamodbv2.model.")
        || name.startsWith("com.amazonaws.services.s3.event.");
  }

  List<Property> readable() {
    List<Property> readable = new ArrayList<>();
    for (Property property : properties.values()) if (property.isReadable()) readable.add(property);
    return readable;
  }

  /** Null for one it does not have, or that cannot be set. */
  Property settable(String name) {
    Property exact = properties.get(name);
    Property found = exact == null && isEvent ? byFoldedName.get(name.toLowerCase(Locale.ROOT)) : exact;
    return found != null && found.isSettable() ? found : null;
  }

  Object instantiate() {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (NoSuchMethodException none) {
      if (isEvent) return Bare.instance(type);
      throw new IllegalArgumentException("an object of " + type.getName() + " cannot be made: it has no constructor without arguments");
    } catch (ReflectiveOperationException failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      throw new IllegalArgumentException("an object of " + type.getName() + " cannot be made: " + cause, cause);
    }
  }

  private void addField(Map<String, Property> found, Field field) {
    int modifiers = field.getModifiers();
    if (Modifier.isStatic(modifiers) || Modifier.isTransient(modifiers) || field.isSynthetic()) return;
    Property property = found.computeIfAbsent(field.getName(), Property::new);
    if ((Modifier.isPublic(modifiers) || isEvent) && opens(field)) property.field = field;
  }

  private void addMethod(Map<String, Property> found, Map<String, Property> byMethods, Method method) {
    if (Modifier.isStatic(method.getModifiers()) || method.isBridge() || method.isSynthetic()) return;
    String name = method.getName();
    int count = method.getParameterCount();
    if (count == 1 && isNamed(name, "set")) addSetter(propertyFor(found, byMethods, name.substring(3)), method);
    if (count != 0 || !Modifier.isPublic(method.getModifiers()) || method.getReturnType() == void.class) return;
    boolean flag = method.getReturnType() == boolean.class || method.getReturnType() == Boolean.class;
    if (isNamed(name, "get") && opens(method)) propertyFor(found, byMethods, name.substring(3)).getter = method;
    else if (flag && isNamed(name, "is") && opens(method)) propertyFor(found, byMethods, name.substring(2)).getter = method;
  }

  /** Of several, the one whose type is that of the field. */
  private static void addSetter(Property property, Method method) {
    if (property.setter != null && !takesFieldType(property.name, method) || !opens(method)) return;
    property.setter = method;
  }

  private static boolean takesFieldType(String name, Method setter) {
    try {
      return setter.getDeclaringClass().getDeclaredField(name).getType() == setter.getParameterTypes()[0];
    } catch (NoSuchFieldException none) {
      return setter.getParameterTypes()[0] == String.class;
    }
  }

  private static Property propertyFor(Map<String, Property> found, Map<String, Property> byMethods, String name) {
    String property = decapitalized(name);
    Property known = found.get(property);
    return known != null ? known : byMethods.computeIfAbsent(property, Property::new);
  }

  /** The rule of the JDK's own introspection: `URL` stays as it is. */
  private static String decapitalized(String name) {
    if (name.length() > 1 && Character.isUpperCase(name.charAt(0)) && Character.isUpperCase(name.charAt(1))) return name;
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static boolean isNamed(String name, String prefix) {
    return name.length() > prefix.length() && name.startsWith(prefix);
  }

  private static boolean opens(AccessibleObject member) {
    try {
      member.setAccessible(true);
      return true;
    } catch (RuntimeException closedModule) {
      return false;
    }
  }

  /** From the oldest ancestor down; what everything has counts for nothing. */
  private static List<Class<?>> lineOf(Class<?> type) {
    List<Class<?>> line = new ArrayList<>();
    for (Class<?> one = type; one != null && one != Object.class; one = one.getSuperclass()) line.add(0, one);
    return line;
  }
}
