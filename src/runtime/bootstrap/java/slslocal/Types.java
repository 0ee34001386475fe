/** What stands for a type parameter: `RequestHandler<Order, Receipt>` of a class → `Order`. */
package slslocal;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.Map;

final class Types {
  private Types() {}

  static Class<?> rawOf(Type type) {
    if (type instanceof Class) return (Class<?>) type;
    if (type instanceof ParameterizedType) return (Class<?>) ((ParameterizedType) type).getRawType();
    if (type instanceof WildcardType) return rawOf(((WildcardType) type).getUpperBounds()[0]);
    if (type instanceof TypeVariable) return rawOf(((TypeVariable<?>) type).getBounds()[0]);
    Class<?> item = rawOf(((GenericArrayType) type).getGenericComponentType());
    return java.lang.reflect.Array.newInstance(item, 0).getClass();
  }

  /** The type's argument for a parameter of `ancestor`, a class or interface it extends; Object where it names none. */
  static Type argument(Type type, Class<?> ancestor, int index) {
    Type found = ancestorOf(type, ancestor);
    return found instanceof ParameterizedType ? ((ParameterizedType) found).getActualTypeArguments()[index] : Object.class;
  }

  /** `declared` in a member of `owner`, with the owner's arguments put in. */
  static Type resolved(Type declared, Type owner) {
    return fill(declared, bindingsOf(owner));
  }

  private static Type ancestorOf(Type type, Class<?> ancestor) {
    Class<?> raw = rawOf(type);
    if (raw == ancestor) return type;
    Map<TypeVariable<?>, Type> bindings = bindingsOf(type);
    for (Type parent : parentsOf(raw)) {
      if (!ancestor.isAssignableFrom(rawOf(parent))) continue;
      return ancestorOf(fill(parent, bindings), ancestor);
    }
    return Object.class;
  }

  private static Type[] parentsOf(Class<?> type) {
    Type[] faces = type.getGenericInterfaces();
    if (type.getGenericSuperclass() == null) return faces;
    Type[] all = java.util.Arrays.copyOf(faces, faces.length + 1);
    all[faces.length] = type.getGenericSuperclass();
    return all;
  }

  private static Map<TypeVariable<?>, Type> bindingsOf(Type type) {
    Map<TypeVariable<?>, Type> bindings = new HashMap<>();
    for (Type one = type; one != null; one = rawOf(one).getGenericSuperclass()) {
      if (!(one instanceof ParameterizedType)) continue;
      TypeVariable<?>[] names = rawOf(one).getTypeParameters();
      Type[] arguments = ((ParameterizedType) one).getActualTypeArguments();
      for (int i = 0; i < names.length; i++) bindings.put(names[i], fill(arguments[i], bindings));
    }
    return bindings;
  }

  private static Type fill(Type type, Map<TypeVariable<?>, Type> bindings) {
    if (type instanceof TypeVariable) return bindings.getOrDefault(type, type);
    if (!(type instanceof ParameterizedType) || bindings.isEmpty()) return type;
    ParameterizedType written = (ParameterizedType) type;
    Type[] arguments = written.getActualTypeArguments();
    for (int i = 0; i < arguments.length; i++) arguments[i] = fill(arguments[i], bindings);
    return new Filled(written, arguments);
  }

  private static final class Filled implements ParameterizedType {
    private final ParameterizedType written;
    private final Type[] arguments;

    Filled(ParameterizedType written, Type[] arguments) {
      this.written = written;
      this.arguments = arguments;
    }

    @Override
    public Type[] getActualTypeArguments() {
      return arguments.clone();
    }

    @Override
    public Type getRawType() {
      return written.getRawType();
    }

    @Override
    public Type getOwnerType() {
      return written.getOwnerType();
    }
  }
}
