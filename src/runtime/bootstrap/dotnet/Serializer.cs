/** The serializer that `[LambdaSerializer]` names on the method or its assembly, whichever version of it the package has. */
using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace SlsLocal
{
    sealed class Serializer
    {
        const string AttributeName = "Amazon.Lambda.Core.LambdaSerializerAttribute";
        const string InterfaceName = "Amazon.Lambda.Core.ILambdaSerializer";

        /** The author's `ILambdaSerializer`. */
        public readonly object Instance;
        readonly Type contract;

        Serializer(object instance, Type contract)
        {
            Instance = instance;
            this.contract = contract;
        }

        /** Null where none is named. */
        public static Serializer Of(MethodInfo method, Assembly assembly)
        {
            object attribute = Named(method.GetCustomAttributes(false)) ?? Named(assembly.GetCustomAttributes(false));
            if (attribute == null) return null;
            PropertyInfo property = attribute.GetType().GetProperty("SerializerType");
            var type = property?.GetValue(attribute) as Type;
            if (type == null)
                throw new LambdaValidationException($"The 'SerializerType' property on attribute class '{AttributeName}' is not set.");
            ConstructorInfo constructor = type.GetConstructor(Type.EmptyTypes);
            if (constructor == null)
                throw new LambdaValidationException($"The indicated serializer '{type.FullName}' does not define a public zero-parameter constructor.");
            Type contract = type.GetInterface(InterfaceName);
            if (contract == null)
                throw new LambdaValidationException($"The '{type.FullName}' class is invalid: it does not implement the 'ILambdaSerializer' interface.");
            return new Serializer(constructor.Invoke(null), contract);
        }

        public Func<byte[], object> Reader(Type type)
        {
            MethodInfo deserialize = contract.GetMethod("Deserialize").MakeGenericMethod(type);
            return bytes => Invoke(deserialize, new MemoryStream(bytes));
        }

        public Func<object, byte[]> Writer(Type type)
        {
            MethodInfo serialize = contract.GetMethod("Serialize").MakeGenericMethod(type);
            return value =>
            {
                var bytes = new MemoryStream();
                Invoke(serialize, value, bytes);
                return bytes.ToArray();
            };
        }

        object Invoke(MethodInfo method, params object[] arguments)
        {
            return method.Invoke(Instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }

        static object Named(object[] attributes)
        {
            return attributes.FirstOrDefault(attribute => attribute.GetType().FullName == AttributeName);
        }
    }
}
