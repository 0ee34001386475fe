/** What the package's own Amazon.Lambda.Core is told: where its static logger writes, and the trace of the event. */
using System;
using System.Reflection;

namespace SlsLocal
{
    static class LambdaCore
    {
        public const string Context = "Amazon.Lambda.Core.ILambdaContext";
        const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static;

        static Action<string> tellTraceId;

        public static bool IsContext(Type type)
        {
            return type.FullName == Context;
        }

        public static void OnLoad(Action<Assembly> listener)
        {
            AppDomain.CurrentDomain.AssemblyLoad += (sender, loaded) =>
            {
                if (loaded.LoadedAssembly.GetName().Name == "Amazon.Lambda.Core") listener(loaded.LoadedAssembly);
            };
        }

        /** Fields and methods by which the platform's own runtime reaches in; versions that lack one go without. */
        public static void TakeOver(Assembly core)
        {
            Type logger = core.GetType("Amazon.Lambda.Core.LambdaLogger");
            Set(logger, "_loggingAction", new Action<string>(Console.WriteLine));
            Set(logger, "_loggingWithLevelAction", new Action<string, string, object[]>(
                (level, message, arguments) => Log.Write(level, null, message, arguments)));
            Set(logger, "_loggingWithLevelAndExceptionAction", new Action<string, Exception, string, object[]>(Log.Write));
            MethodInfo tell = core.GetType("Amazon.Lambda.Core.LambdaTraceProvider")?.GetMethod("SetCurrentTraceId", Hidden);
            if (tell != null) tellTraceId = (Action<string>)Delegate.CreateDelegate(typeof(Action<string>), tell);
        }

        public static void TellTraceId(string traceId)
        {
            tellTraceId?.Invoke(traceId);
        }

        static void Set(Type type, string name, Delegate action)
        {
            FieldInfo field = type?.GetField(name, Hidden);
            if (field != null && field.FieldType.IsInstanceOfType(action)) field.SetValue(null, action);
        }
    }
}
