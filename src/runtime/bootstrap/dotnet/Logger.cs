/** The calls of an `ILambdaLogger`, of whatever version: text, levels, exceptions and templates. */
using System;
using System.Reflection;

namespace SlsLocal
{
    static class Logger
    {
        /** `Log(message)`, `LogLine(message)`, `Log([level,] [exception,] message, [arguments])`, `LogError([exception,] message, [arguments])`. */
        public static object Answer(MethodInfo member, object[] given)
        {
            if (!member.Name.StartsWith("Log", StringComparison.Ordinal) || given.Length == 0) return null;
            if (given.Length == 1 && member.Name == "Log") Console.Write(given[0]);
            else if (member.Name == "LogLine") Console.WriteLine(given[0]);
            else Levelled(member, given);
            return null;
        }

        static void Levelled(MethodInfo member, object[] given)
        {
            int at = 0;
            string level = member.Name.Substring("Log".Length);
            if (level.Length == 0) level = given[at++]?.ToString();
            Exception exception = null;
            if (typeof(Exception).IsAssignableFrom(member.GetParameters()[at].ParameterType)) exception = given[at++] as Exception;
            string message = at < given.Length ? given[at++]?.ToString() : "";
            Log.Write(level, exception, message, at < given.Length ? given[at] as object[] : null);
        }
    }
}
