/** Records, which the Java of this source does not know yet. */
package slslocal;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Map;

final class Records {
  private Records() {}

  static boolean isRecord(Class<?> type) {
    return type.getSuperclass() != null && type.getSuperclass().getName().equals("java.lang.Record");
  }

  static Object bind(Map<?, ?> values, Type type, Class<?> raw) {
    try {
      Object[] components = componentsOf(raw);
      Class<?>[] types = new Class<?>[components.length];
      Object[] arguments = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        types[i] = (Class<?>) ask(components[i], "getType");
        Type declared = Types.resolved((Type) ask(components[i], "getGenericType"), type);
        arguments[i] = Binder.bind(values.get(ask(components[i], "getName")), declared);
      }
      Constructor<?> canonical = raw.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      return canonical.newInstance(arguments);
    } catch (ReflectiveOperationException failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      throw new IllegalArgumentException("a record of " + raw.getName() + " cannot be made: " + cause, cause);
    }
  }

  /** In the order in which they are declared. */
  static void addTo(Map<String, Property> found, Class<?> raw) {
    try {
      for (Object component : componentsOf(raw)) {
        Property property = new Property((String) ask(component, "getName"));
        property.getter = (Method) ask(component, "getAccessor");
        property.getter.setAccessible(true);
        found.put(property.name, property);
      }
    } catch (ReflectiveOperationException failure) {
      throw new IllegalArgumentException(failure);
    }
  }

  private static Object[] componentsOf(Class<?> raw) throws ReflectiveOperationException {
    return (Object[]) Class.class.getMethod("getRecordComponents").invoke(raw);
  }

  private static Object ask(Object component, String question) throws ReflectiveOperationException {
    return component.getClass().getMethod(question).invoke(component);
  }
}
