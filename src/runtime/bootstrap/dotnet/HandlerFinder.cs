/** Finds the method that a handler's name means, with the platform's rules and its words for what breaks them. */
using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace SlsLocal
{
    static class HandlerFinder
    {
        const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.Instance | BindingFlags.Static;

        /** `Assembly::Namespace.Type+Nested::Method`; the method is named, or written out as in `Int32 Add(Int32)`. */
        public static UserMethod Find(string handler)
        {
            string[] parts = PartsOf(handler);
            Assembly assembly = Load(parts[0]);
            Type type = assembly.GetType(parts[1]) ?? throw Refuse($"Unable to load type '{parts[1]}' from assembly '{parts[0]}'.");
            MethodInfo method = MethodOf(type, parts[2]) ?? throw Refuse(
                $"Unable to find method '{parts[2]}' in type '{parts[1]}' from assembly '{parts[0]}': Found no methods matching method name '{parts[2]}'.");
            CheckMethod(method);
            object target = TargetOf(type, method);
            return new UserMethod(method, target, Serializer.Of(method, assembly));
        }

        static string[] PartsOf(string handler)
        {
            string[] parts = (handler ?? "").Split(new[] { "::" }, 3, StringSplitOptions.None);
            const string format = "The valid format is 'ASSEMBLY::TYPE::METHOD'.";
            if (parts.Length < 3) throw Refuse($"Invalid lambda function handler: '{handler}'. {format}");
            string[] names = { "assembly", "type", "method" };
            for (int i = 0; i < 3; i++)
            {
                parts[i] = parts[i].Trim();
                if (parts[i].Length == 0)
                    throw Refuse($"Invalid lambda function handler: '{handler}', the {names[i]} is missing. {format}");
            }
            return parts;
        }

        static Assembly Load(string name)
        {
            try
            {
                return AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(name));
            }
            catch (FileNotFoundException missing)
            {
                throw Refuse($"Could not find the specified handler assembly with the file name '{missing.FileName}'. The assembly should be located in the root of your uploaded .zip file.");
            }
            catch (Exception failure) when (failure is BadImageFormatException || failure is FileLoadException)
            {
                throw Refuse($"Unable to load assembly '{name}'.");
            }
        }

        static MethodInfo MethodOf(Type type, string name)
        {
            for (Type one = type; one != null; one = one.BaseType)
            {
                MethodInfo[] found = one.GetMethods(Declared).Where(method => method.Name == name || method.ToString() == name).ToArray();
                if (found.Length == 1) return found[0];
                if (found.Length > 1)
                    throw Refuse($"The method '{name}' in type '{one.FullName}' appears to have a number of overloads. To call this method please specify a complete method signature. Possible candidates are:\n{string.Join("\n", found.Select(method => method.ToString()))}.");
            }
            return null;
        }

        static void CheckMethod(MethodInfo method)
        {
            if (method.IsAbstract) throw Unfit(method, "it is an abstract method", "Handler methods cannot be abstract. Please specify a non-abstract handler method.");
            if (method.IsGenericMethod) throw Unfit(method, "it is a generic method", "Handler methods cannot be generic. Please specify a non-generic handler method.");
            if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute), false))
                throw Unfit(method, "it is an 'async void' method", "Handler methods cannot be 'async void'. Please specify a method that is not 'async void'.");
            if (method.GetParameters().Any(parameter => parameter.IsDefined(typeof(ParamArrayAttribute), false)))
                throw Unfit(method, "it is a 'params' method", "Please specify a method that does not use 'params'.");
            if ((method.CallingConvention & CallingConventions.VarArgs) == CallingConventions.VarArgs)
                throw Unfit(method, "it is a 'vararg (variable arguments)' method", "Please specify a method that is not 'vararg'.");
        }

        /** The instance that serves all events; null for a static method. What its constructor throws comes wrapped, as from the platform. */
        static object TargetOf(Type type, MethodInfo method)
        {
            if (type.IsGenericType)
                throw Refuse($"The type '{type.FullName}' cannot be used as a Lambda Handler type because it is generic. Handler methods cannot be located in generic types. Please specify a handler method in a non-generic type.");
            if (!method.IsStatic && type.IsAbstract)
                throw Refuse($"The instance method '{method}' cannot be used as a Lambda Handler because its type '{type.FullName}' is abstract. Please either use a static handler or specify a type that is not abstract.");
            if (!method.IsStatic) return Activator.CreateInstance(type);
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            return null;
        }

        static Exception Unfit(MethodInfo method, string why, string rule)
        {
            return Refuse($"The method '{method}' cannot be used as a Lambda Handler because {why}. {rule}");
        }

        static Exception Refuse(string message)
        {
            return new LambdaValidationException(message);
        }
    }
}
