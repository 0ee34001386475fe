/** One property of a bean: what it is called in JSON, and how it is read and set. */
package slslocal;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;

final class Property {
  final String name;
  Method getter;
  Method setter;
  /** Used where there is no method for it. */
  Field field;

  Property(String name) {
    this.name = name;
  }

  boolean isReadable() {
    return getter != null || field != null;
  }

  boolean isSettable() {
    return setter != null || field != null;
  }

  /** As it is declared. */
  Type type() {
    return setter != null ? setter.getGenericParameterTypes()[0] : field.getGenericType();
  }

  Object get(Object bean) {
    try {
      return getter != null ? getter.invoke(bean) : field.get(bean);
    } catch (IllegalAccessException failure) {
      throw new IllegalArgumentException(failure);
    } catch (InvocationTargetException failure) {
      throw new IllegalArgumentException(getter + " failed: " + failure.getCause(), failure.getCause());
    }
  }

  void set(Object bean, Object value) {
    try {
      if (setter != null) setter.invoke(bean, value);
      else field.set(bean, value);
    } catch (IllegalAccessException failure) {
      throw new IllegalArgumentException(failure);
    } catch (InvocationTargetException failure) {
      throw new IllegalArgumentException(setter + " failed: " + failure.getCause(), failure.getCause());
    }
  }
}
