/** Objects of interfaces that are known only when the author's package is loaded. */
using System;
using System.Linq;
using System.Reflection;

namespace SlsLocal
{
    public class Facade : DispatchProxy
    {
        static readonly MethodInfo Maker = typeof(DispatchProxy).GetMethods()
            .First(method => method.Name == "Create" && method.IsGenericMethodDefinition);

        Func<MethodInfo, object[], object> answer;

        /** `answer` is given each call; null stands for the default of what the member returns. */
        internal static object Of(Type contract, Func<MethodInfo, object[], object> answer)
        {
            var made = (Facade)Maker.MakeGenericMethod(contract, typeof(Facade)).Invoke(null, null);
            made.answer = answer;
            return made;
        }

        protected override object Invoke(MethodInfo method, object[] arguments)
        {
            object value = answer(method, arguments);
            Type type = method.ReturnType;
            return value == null && type.IsValueType && type != typeof(void) ? Activator.CreateInstance(type) : value;
        }
    }
}
