/** Failures as they are told to the caller: the exception's type, its message and its stack, and what caused it. */
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Text.Json;

namespace SlsLocal
{
    /** The handler cannot be had, or is none; callers are told this name. */
    sealed class LambdaValidationException : Exception
    {
        public LambdaValidationException(string message) : base(message) { }
    }

    static class Fault
    {
        const int MostBytes = 256 * 1024;
        static readonly string[] BelowUserCode =
        {
            "at System.Reflection.",
            "at System.RuntimeMethodHandle.",
            "at System.RuntimeType.",
            "at System.Runtime.ExceptionServices.",
            "at System.Runtime.CompilerServices.TaskAwaiter",
            "--- End of stack trace",
        };

        public static byte[] ToJson(Exception thrown)
        {
            var json = new MemoryStream();
            using (var writer = new Utf8JsonWriter(json)) Write(writer, thrown);
            return json.Length <= MostBytes
                ? json.ToArray()
                : Encoding.UTF8.GetBytes("{\"errorMessage\":\"Exception exceeded maximum payload size of 256KB.\"}");
        }

        static void Write(Utf8JsonWriter writer, Exception thrown)
        {
            writer.WriteStartObject();
            writer.WriteString("errorType", thrown.GetType().Name);
            writer.WriteString("errorMessage", thrown.Message);
            List<string> frames = FramesOf(thrown);
            if (frames.Count > 0)
            {
                writer.WriteStartArray("stackTrace");
                foreach (string frame in frames) writer.WriteStringValue(frame);
                writer.WriteEndArray();
            }
            if (thrown.InnerException != null)
            {
                writer.WritePropertyName("cause");
                Write(writer, thrown.InnerException);
            }
            if (thrown is AggregateException several)
            {
                writer.WriteStartArray("causes");
                foreach (Exception one in several.InnerExceptions) Write(writer, one);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }

        /** Up to our own frames and those of the reflection between. */
        static List<string> FramesOf(Exception thrown)
        {
            var frames = new List<string>();
            foreach (string line in new StackTrace(thrown, true).ToString().Split('\n'))
            {
                string frame = line.Trim();
                if (frame.StartsWith("at SlsLocal.", StringComparison.Ordinal)) break;
                if (frame.Length > 0) frames.Add(frame);
            }
            while (frames.Count > 0 && IsBelow(frames[frames.Count - 1])) frames.RemoveAt(frames.Count - 1);
            return frames;
        }

        static bool IsBelow(string frame)
        {
            return Array.Exists(BelowUserCode, start => frame.StartsWith(start, StringComparison.Ordinal));
        }
    }
}
