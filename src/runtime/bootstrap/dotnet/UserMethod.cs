/** The author's method, bound to what makes its arguments of an event and an answer of its result. */
using System;
using System.IO;
using System.Reflection;
using System.Text;
using System.Threading.Tasks;

namespace SlsLocal
{
    sealed class UserMethod
    {
        static readonly byte[] Nothing = Encoding.ASCII.GetBytes("null");

        readonly MethodInfo method;
        readonly object target;
        readonly Serializer serializer;
        /** Null where the method takes no event. */
        readonly Func<byte[], object> read;
        readonly bool takesContext;
        readonly Func<object, byte[]> write;
        /** `Result` of a `Task<T>`. */
        readonly PropertyInfo result;

        public UserMethod(MethodInfo method, object target, Serializer serializer)
        {
            this.method = method;
            this.target = target;
            this.serializer = serializer;
            ParameterInfo[] parameters = method.GetParameters();
            CheckParameters(parameters);
            takesContext = parameters.Length > 0 && LambdaCore.IsContext(parameters[parameters.Length - 1].ParameterType);
            if (parameters.Length > (takesContext ? 1 : 0)) read = ReaderFor(parameters[0].ParameterType);
            Type task = TaskOf(method.ReturnType);
            result = task?.GetProperty("Result");
            bool answers = result != null || (method.ReturnType != typeof(void) && !typeof(Task).IsAssignableFrom(method.ReturnType));
            if (answers) write = WriterFor(result == null ? method.ReturnType : result.PropertyType);
        }

        public byte[] Call(Invocation invocation)
        {
            object answer = method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, Arguments(invocation), null);
            if (answer is Task task)
            {
                task.GetAwaiter().GetResult();
                answer = result?.GetValue(task);
            }
            return write == null ? Nothing : write(answer);
        }

        object[] Arguments(Invocation invocation)
        {
            if (read == null && !takesContext) return Array.Empty<object>();
            if (!takesContext) return new[] { read(invocation.Body) };
            object context = ContextMaker.Make(ContextType, invocation, serializer?.Instance);
            return read == null ? new[] { context } : new[] { read(invocation.Body), context };
        }

        Type ContextType => method.GetParameters()[read == null ? 0 : 1].ParameterType;

        void CheckParameters(ParameterInfo[] parameters)
        {
            string subject = $"Method '{method.Name}' of type '{method.ReflectedType.FullName}' is not supported: the method has";
            if (parameters.Length > 2) throw new LambdaValidationException($"{subject} more than 2 parameters.");
            if (parameters.Length == 2 && !LambdaCore.IsContext(parameters[1].ParameterType))
                throw new LambdaValidationException($"{subject} 2 parameters, but the second parameter is not of type '{LambdaCore.Context}'.");
        }

        Func<byte[], object> ReaderFor(Type type)
        {
            if (type == typeof(Stream)) return bytes => new MemoryStream(bytes);
            if (serializer == null) throw NoSerializer("deserialize input", type);
            return serializer.Reader(type);
        }

        Func<object, byte[]> WriterFor(Type type)
        {
            if (typeof(Stream).IsAssignableFrom(type)) return value => Drain((Stream)value);
            if (serializer == null) throw NoSerializer("serialize output", type);
            return serializer.Writer(type);
        }

        static byte[] Drain(Stream stream)
        {
            if (stream == null) return Nothing;
            using (stream)
            {
                if (stream is MemoryStream memory && memory.Position == 0) return memory.ToArray();
                var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                return bytes.ToArray();
            }
        }

        Exception NoSerializer(string what, Type type)
        {
            string assembly = method.Module.Assembly.GetName().Name;
            return new LambdaValidationException(
                $"Could not find the LambdaSerializerAttribute on the assembly '{assembly}' or method '{method.Name}' while attempting to {what} data of type '{type.FullName}'. To use types other than System.IO.Stream as input/output parameters, the assembly or Lambda function should be annotated with Amazon.Lambda.Core.LambdaSerializerAttribute.");
        }

        static Type TaskOf(Type type)
        {
            for (Type one = type; one != null; one = one.BaseType)
                if (one.IsConstructedGenericType && one.GetGenericTypeDefinition() == typeof(Task<>)) return one;
            return null;
        }
    }
}
