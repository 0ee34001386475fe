/** A message with places for values: `order {id} of {count:N0}`, or `{0}`. */
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SlsLocal
{
    sealed class Template
    {
        readonly string message;
        readonly object[] values;
        string text;

        /** `values` may be null. */
        public Template(string message, object[] values)
        {
            this.message = message;
            this.values = values ?? Array.Empty<object>();
        }

        public string Text()
        {
            if (text != null) return text;
            if (values.Length == 0) return text = message;
            var places = new Dictionary<string, object>();
            foreach (KeyValuePair<string, object> place in Places()) places[place.Key] = place.Value;
            return text = Regex.Replace(message, Place, place =>
            {
                if (place.Value == "{{") return "{";
                if (place.Value == "}}") return "}";
                return places.TryGetValue(place.Groups[1].Value, out object value) ? Formatted(value, place.Groups[2].Value) : place.Value;
            });
        }

        public void WriteProperties(Utf8JsonWriter record)
        {
            foreach (KeyValuePair<string, object> place in Places())
            {
                if (place.Value == null) continue;
                record.WritePropertyName(place.Key);
                switch (place.Value)
                {
                    case bool truth: record.WriteBooleanValue(truth); break;
                    case int whole: record.WriteNumberValue(whole); break;
                    case long whole: record.WriteNumberValue(whole); break;
                    case double real: record.WriteNumberValue(real); break;
                    case decimal real: record.WriteNumberValue(real); break;
                    default: record.WriteStringValue(Formatted(place.Value, "")); break;
                }
            }
        }

        const string Place = @"\{\{|\}\}|\{@?([^{}:]+)(:[^{}]*)?\}";

        /** Names in the order of the message, each once, with their values. */
        IEnumerable<KeyValuePair<string, object>> Places()
        {
            if (values.Length == 0) yield break;
            var seen = new HashSet<string>();
            foreach (Match place in Regex.Matches(message, Place))
            {
                string name = place.Groups[1].Value;
                if (name.Length == 0 || !seen.Add(name)) continue;
                int index = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int position) ? position : seen.Count - 1;
                if (index < values.Length) yield return new KeyValuePair<string, object>(name, values[index]);
            }
        }

        static string Formatted(object value, string format)
        {
            if (value is null) return "";
            return value is IFormattable formattable
                ? formattable.ToString(format.Length > 1 ? format.Substring(1) : null, CultureInfo.InvariantCulture)
                : value.ToString();
        }
    }
}
