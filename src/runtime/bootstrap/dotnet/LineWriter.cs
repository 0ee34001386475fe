/** Standard output of which whole lines are told, each as a record; what is written without a line's end goes through as it is. */
using System;
using System.IO;
using System.Text;

namespace SlsLocal
{
    sealed class LineWriter : TextWriter
    {
        readonly TextWriter inner;
        readonly Action<string> onLine;

        public LineWriter(TextWriter inner, Action<string> onLine)
        {
            this.inner = inner;
            this.onLine = onLine;
        }

        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => inner.Write(value);
        public override void Write(string value) => inner.Write(value);
        public override void Write(char[] buffer, int index, int count) => inner.Write(buffer, index, count);
        public override void Flush() => inner.Flush();

        public override void WriteLine() => inner.WriteLine();
        public override void WriteLine(string value) => onLine(value);
        public override void WriteLine(object value) => onLine(value?.ToString());
        public override void WriteLine(char value) => onLine(value.ToString());
        public override void WriteLine(char[] buffer) => onLine(new string(buffer));
        public override void WriteLine(char[] buffer, int index, int count) => onLine(new string(buffer, index, count));
        public override void WriteLine(bool value) => onLine(value.ToString());
        public override void WriteLine(int value) => onLine(value.ToString(FormatProvider));
        public override void WriteLine(uint value) => onLine(value.ToString(FormatProvider));
        public override void WriteLine(long value) => onLine(value.ToString(FormatProvider));
        public override void WriteLine(ulong value) => onLine(value.ToString(FormatProvider));
        public override void WriteLine(float value) => onLine(value.ToString(FormatProvider));
        public override void WriteLine(double value) => onLine(value.ToString(FormatProvider));
        public override void WriteLine(decimal value) => onLine(value.ToString(FormatProvider));
        public override void WriteLine(string format, object arg0) => onLine(string.Format(FormatProvider, format, arg0));
        public override void WriteLine(string format, object arg0, object arg1) => onLine(string.Format(FormatProvider, format, arg0, arg1));
        public override void WriteLine(string format, object arg0, object arg1, object arg2) => onLine(string.Format(FormatProvider, format, arg0, arg1, arg2));
        public override void WriteLine(string format, params object[] arg) => onLine(string.Format(FormatProvider, format, arg));
    }
}
