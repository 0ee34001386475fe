/** Makes objects without running a constructor: some classes of the platform's events have none that could be called. */
package slslocal;

import java.lang.reflect.Field;

final class Bare {
  private Bare() {}

  static Object instance(Class<?> type) {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field only = unsafe.getDeclaredField("theUnsafe");
      only.setAccessible(true);
      return unsafe.getMethod("allocateInstance", Class.class).invoke(only.get(null), type);
    } catch (ReflectiveOperationException failure) {
      throw new IllegalArgumentException("an object of " + type.getName() + " cannot be made: " + failure, failure);
    }
  }
}
