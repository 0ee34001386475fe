/** One event as the Runtime API hands it over. */
using System;
using System.Collections.Generic;
using System.Globalization;

namespace SlsLocal
{
    sealed class Invocation
    {
        static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        public readonly byte[] Body;
        /** Names in lower case. */
        readonly Dictionary<string, string> headers;

        public Invocation(byte[] body, Dictionary<string, string> headers)
        {
            Body = body;
            this.headers = headers;
        }

        public string RequestId => Header("aws-request-id");

        /** Tells this delivery from another one of the same request; null from a platform that has none. */
        public string Nonce => Header("invocation-id");

        public string TraceId => Header("trace-id");

        public string FunctionArn => Header("invoked-function-arn");

        public string TenantId => Header("aws-tenant-id");

        /** JSON text or null. */
        public string ClientContext => Header("client-context");

        /** JSON text or null. */
        public string Identity => Header("cognito-identity");

        public TimeSpan Remaining
        {
            get
            {
                double deadline = double.Parse(Header("deadline-ms") ?? "0", CultureInfo.InvariantCulture);
                return TimeSpan.FromMilliseconds(deadline - (DateTime.UtcNow - Epoch).TotalMilliseconds);
            }
        }

        string Header(string name)
        {
            return headers.TryGetValue("lambda-runtime-" + name, out string value) ? value : null;
        }
    }
}
