/** Finds what `package.Class::method` or `package.Class` means and makes it callable. Source: Lambda guide, "Handlers in Java". */
package slslocal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

final class HandlerFinder {
  private final UserCode code;
  private final Class<?> context;

  HandlerFinder(UserCode code) {
    this.code = code;
    this.context = code.runtimeClass("Context");
  }

  Handler find(String name) throws Fault {
    int colons = name.lastIndexOf("::");
    String className = colons < 0 ? name : name.substring(0, colons);
    String method = colons < 0 ? null : name.substring(colons + 2);
    if (className.isEmpty() || "".equals(method)) throw Fault.loading("Invalid handler: `" + name + "`", null);
    Class<?> type = load(className);
    return method == null ? ofInterface(type) : ofMethod(type, method);
  }

  private Class<?> load(String name) throws Fault {
    try {
      return Class.forName(name, true, code.loader);
    } catch (ClassNotFoundException missing) {
      throw Fault.loading("Class not found: " + name, missing);
    } catch (ExceptionInInitializerError failed) {
      throw Fault.of(failed.getCause() == null ? failed : failed.getCause());
    } catch (LinkageError broken) {
      String message = broken.getMessage();
      throw Fault.loading("Error loading class " + name + (message == null ? "" : ": " + message), broken);
    }
  }

  private Handler ofInterface(Class<?> type) throws Fault {
    Class<?> streams = code.runtimeClass("RequestStreamHandler");
    Class<?> objects = code.runtimeClass("RequestHandler");
    if (streams != null && streams.isAssignableFrom(type)) return call(methodOf(streams), instanceOf(type), null);
    if (objects == null || !objects.isAssignableFrom(type))
      throw Fault.loading("Class does not implement an appropriate handler interface: " + type.getName(), null);
    return call(methodOf(objects), instanceOf(type), Types.argument(type, objects, 0));
  }

  private static Method methodOf(Class<?> face) {
    for (Method method : face.getMethods()) if (method.getName().equals("handleRequest")) return method;
    throw new IllegalStateException(face + " has no handleRequest");
  }

  private Handler ofMethod(Class<?> type, String name) throws Fault {
    Method best = null;
    try {
      for (Method method : type.getMethods())
        if (method.getName().equals(name) && isCallable(method) && (best == null || weightOf(method) > weightOf(best))) best = method;
    } catch (NoClassDefFoundError missing) {
      throw Fault.loading("Error loading method " + name + " on class " + type.getName() + ": " + missing.getMessage(), missing);
    }
    if (best == null)
      throw Fault.loading("No public method named " + name + " with appropriate method signature found on class " + type.getName(), null);
    best.setAccessible(true);
    Object instance = Modifier.isStatic(best.getModifiers()) ? null : instanceOf(type);
    Type[] types = best.getGenericParameterTypes();
    boolean takesEvent = types.length > 0 && types[0] != context;
    return call(best, instance, takesEvent ? Types.resolved(types[0], type) : null);
  }

  /** Its longest form is meant; one that ends in a context counts for more, one the compiler made for less than any. */
  private int weightOf(Method method) {
    Class<?>[] types = method.getParameterTypes();
    int ending = types.length > 0 && types[types.length - 1] == context ? 1 : 0;
    return (method.isBridge() ? 0 : 10) + types.length + ending;
  }

  /** `(event)`, `(event, context)`, `(input, output, context)` and their shorter forms. */
  private boolean isCallable(Method method) {
    List<Class<?>> types = new ArrayList<>(java.util.Arrays.asList(method.getParameterTypes()));
    if (!types.isEmpty() && types.get(types.size() - 1) == context) types.remove(types.size() - 1);
    if (types.contains(context)) return false;
    if (types.size() < 2) return true;
    return types.size() == 2 && types.get(0) == InputStream.class && types.get(1) == OutputStream.class;
  }

  private Object instanceOf(Class<?> type) throws Fault {
    try {
      return type.getConstructor().newInstance();
    } catch (NoSuchMethodException none) {
      boolean inner = type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers());
      String why = inner ? " cannot be instantiated because it is a non-static inner class" : " has no public zero-argument constructor";
      throw Fault.loading("Class " + type.getName() + why, none);
    } catch (InvocationTargetException failed) {
      Throwable cause = failed.getCause();
      throw Fault.of(cause instanceof ExceptionInInitializerError && cause.getCause() != null ? cause.getCause() : cause);
    } catch (ExceptionInInitializerError failed) {
      throw Fault.of(failed.getCause() == null ? failed : failed.getCause());
    } catch (ReflectiveOperationException | LinkageError failure) {
      throw Fault.loading("Error loading class " + type.getName() + ": " + failure.getMessage(), failure);
    }
  }

  /** `eventType` is null where the method takes no event, or takes streams. */
  private Handler call(Method method, Object instance, Type eventType) {
    Class<?>[] types = method.getParameterTypes();
    boolean writes = java.util.Arrays.asList(types).contains(OutputStream.class);
    boolean answers = method.getReturnType() != void.class && !writes;
    return (event, given) -> {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Object[] arguments = new Object[types.length];
      for (int i = 0; i < types.length; i++)
        if (types[i] == context) arguments[i] = given;
        else if (types[i] == OutputStream.class) arguments[i] = out;
        else if (types[i] == InputStream.class) arguments[i] = new ByteArrayInputStream(event);
        else arguments[i] = eventOf(event, eventType);
      Object answer = invoke(method, instance, arguments);
      if (writes) return out.toByteArray();
      return answers ? bytesOf(answer) : "null".getBytes(StandardCharsets.UTF_8);
    };
  }

  private static Object invoke(Method method, Object instance, Object[] arguments) throws Throwable {
    try {
      return method.invoke(instance, arguments);
    } catch (InvocationTargetException failed) {
      throw failed.getCause();
    }
  }

  private static Object eventOf(byte[] event, Type type) {
    try {
      return Binder.bind(JsonReader.read(event), type);
    } catch (RuntimeException failure) {
      throw new RuntimeException("An error occurred during JSON parsing", failure);
    }
  }

  private static byte[] bytesOf(Object answer) {
    try {
      return JsonWriter.write(answer).getBytes(StandardCharsets.UTF_8);
    } catch (RuntimeException failure) {
      throw new RuntimeException("An error occurred during JSON serialization of response", failure);
    }
  }
}
