/** Objects of the platform's interfaces, as the function's own classes have them. */
package slslocal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

final class Facade {
  interface Body {
    Object call(Object[] arguments);
  }

  static final class Methods {
    private final Map<String, Body> bodies = new HashMap<>();

    Methods put(String name, Body body) {
      bodies.put(name, body);
      return this;
    }

    Methods value(String name, Object value) {
      return put(name, (arguments) -> value);
    }
  }

  private Facade() {}

  /** Null where there is no such interface. A method that is not given answers null, 0 or false. */
  static Object of(UserCode code, String name, Methods methods) {
    Class<?> face = code.runtimeClass(name);
    if (face == null) return null;
    InvocationHandler answer = (self, method, arguments) -> {
      if (method.getDeclaringClass() == Object.class) return ofObject(name, self, method, arguments);
      Body body = methods.bodies.get(method.getName());
      return body == null ? Binder.zeroOf(method.getReturnType()) : body.call(arguments);
    };
    return Proxy.newProxyInstance(face.getClassLoader(), new Class<?>[] {face}, answer);
  }

  private static Object ofObject(String name, Object self, Method method, Object[] arguments) {
    if (method.getName().equals("equals")) return self == arguments[0];
    if (method.getName().equals("hashCode")) return System.identityHashCode(self);
    return name;
  }
}
