/** What the function prints, in the format that is set: lines with time, request and level, plain ones, or JSON records. */
using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;

namespace SlsLocal
{
    static class Log
    {
        static readonly string[] Levels = { "Trace", "Debug", "Information", "Warning", "Error", "Critical" };
        static readonly string[] Labels = { "trce", "dbug", "info", "warn", "fail", "crit" };

        public static Invocation Current;
        static bool json;
        static bool plain;
        static int least = 2;
        static TextWriter output;

        /** The platform's runtime of .NET Core 3.1 leaves lines as they are, unless they are asked for otherwise. */
        public static void Open()
        {
            string format = Variable("AWS_LAMBDA_HANDLER_LOG_FORMAT") ?? Variable("AWS_LAMBDA_LOG_FORMAT");
            string level = Variable("AWS_LAMBDA_HANDLER_LOG_LEVEL") ?? Variable("AWS_LAMBDA_LOG_LEVEL");
            json = Same(format, "JSON");
            bool old = (Variable("AWS_EXECUTION_ENV") ?? "").EndsWith("dotnetcore3.1", StringComparison.Ordinal);
            plain = Same(format, "Unformatted") || (old && (format == null || Same(format, "Text")));
            least = level == null || plain ? least : Math.Max(0, IndexOf(level));
            output = Raw(Console.OpenStandardOutput());
            TextWriter errors = Raw(Console.OpenStandardError());
            Console.SetOut(plain ? output : new LineWriter(output, line => Write("Information", null, line, null)));
            Console.SetError(plain ? errors : new LineWriter(errors, line => WriteTo(errors, "Error", null, line, null)));
        }

        public static void Fault(Exception thrown)
        {
            Write("Error", thrown, null, null);
        }

        /** `level` is a name of `LogLevel`, or any other text. */
        public static void Write(string level, Exception exception, string message, object[] arguments)
        {
            WriteTo(output, level, exception, message, arguments);
        }

        static void WriteTo(TextWriter to, string level, Exception exception, string message, object[] arguments)
        {
            int rank = IndexOf(level);
            if (!plain && rank >= 0 && rank < least) return;
            var template = new Template(message ?? "", arguments);
            string line = json ? Record(rank, exception, template) : Line(rank, level, exception, template);
            lock (to) to.WriteLine(line);
        }

        static string Line(int rank, string level, Exception exception, Template template)
        {
            var line = new StringBuilder();
            if (!plain)
            {
                line.Append(Now()).Append('\t').Append(Current?.RequestId).Append('\t');
                line.Append(rank < 0 ? level : Labels[rank]).Append('\t');
            }
            line.Append(template.Text());
            if (exception == null) return line.ToString();
            if (template.Text().Length > 0) line.Append('\n');
            return line.Append(exception).ToString();
        }

        static string Record(int rank, Exception exception, Template template)
        {
            var bytes = new MemoryStream();
            using (var record = new Utf8JsonWriter(bytes))
            {
                record.WriteStartObject();
                record.WriteString("timestamp", Now());
                record.WriteString("level", Levels[rank < 0 ? 0 : rank]);
                if (Current != null)
                {
                    record.WriteString("requestId", Current.RequestId);
                    if (!string.IsNullOrEmpty(Current.TenantId)) record.WriteString("tenantId", Current.TenantId);
                    if (!string.IsNullOrEmpty(Current.TraceId)) record.WriteString("traceId", Current.TraceId);
                }
                record.WriteString("message", template.Text());
                template.WriteProperties(record);
                if (exception != null) WriteException(record, exception);
                record.WriteEndObject();
            }
            return Encoding.UTF8.GetString(bytes.ToArray());
        }

        static void WriteException(Utf8JsonWriter record, Exception exception)
        {
            record.WriteString("errorType", exception.GetType().FullName);
            record.WriteString("errorMessage", exception.Message);
            record.WriteStartArray("stackTrace");
            foreach (string line in exception.ToString().Split('\n')) record.WriteStringValue(line.Trim());
            record.WriteEndArray();
        }

        static int IndexOf(string level)
        {
            if (Same(level, "FATAL")) return 5;
            if (Same(level, "WARN")) return 3;
            if (Same(level, "INFO")) return 2;
            return Array.FindIndex(Levels, name => Same(name, level));
        }

        static string Now()
        {
            return DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        }

        static TextWriter Raw(Stream stream)
        {
            return TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true });
        }

        static string Variable(string name)
        {
            string value = Environment.GetEnvironmentVariable(name);
            return string.IsNullOrEmpty(value) ? null : value;
        }

        static bool Same(string one, string other)
        {
            return string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
        }
    }
}
