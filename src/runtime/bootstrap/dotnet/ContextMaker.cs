/** The `ILambdaContext` of an event, for the version of the interface that the package brings. */
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace SlsLocal
{
    static class ContextMaker
    {
        static object logger;

        /** Members of versions to come answer the default of their type. */
        public static object Make(Type contract, Invocation invocation, object serializer)
        {
            object identity = null;
            object client = null;
            return Facade.Of(contract, (member, arguments) =>
            {
                switch (member.Name)
                {
                    case "get_AwsRequestId": return invocation.RequestId;
                    case "get_FunctionName": return Variable("AWS_LAMBDA_FUNCTION_NAME");
                    case "get_FunctionVersion": return Variable("AWS_LAMBDA_FUNCTION_VERSION");
                    case "get_InvokedFunctionArn": return invocation.FunctionArn;
                    case "get_LogGroupName": return Variable("AWS_LAMBDA_LOG_GROUP_NAME");
                    case "get_LogStreamName": return Variable("AWS_LAMBDA_LOG_STREAM_NAME");
                    case "get_MemoryLimitInMB": return int.Parse(Variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE") ?? "0", CultureInfo.InvariantCulture);
                    case "get_RemainingTime": return invocation.Remaining;
                    case "get_TenantId": return invocation.TenantId;
                    case "get_TraceId": return invocation.TraceId;
                    case "get_Serializer": return serializer;
                    case "get_Logger": return logger ?? (logger = Facade.Of(member.ReturnType, Logger.Answer));
                    case "get_Identity": return identity ?? (identity = Identity(member.ReturnType, invocation.Identity));
                    case "get_ClientContext": return client ?? (client = ClientContext(member.ReturnType, invocation.ClientContext));
                    default: return null;
                }
            });
        }

        static string Variable(string name)
        {
            return Environment.GetEnvironmentVariable(name);
        }

        static object Identity(Type contract, string json)
        {
            JsonElement identity = Parse(json);
            return Facade.Of(contract, (member, arguments) =>
            {
                switch (member.Name)
                {
                    case "get_IdentityId": return Text(identity, "cognitoIdentityId");
                    case "get_IdentityPoolId": return Text(identity, "cognitoIdentityPoolId");
                    default: return null;
                }
            });
        }

        static object ClientContext(Type contract, string json)
        {
            JsonElement context = Parse(json);
            return Facade.Of(contract, (member, arguments) =>
            {
                switch (member.Name)
                {
                    case "get_Custom": return Texts(Member(context, "custom"));
                    case "get_Environment": return Texts(Member(context, "env"));
                    case "get_Client": return Client(member.ReturnType, Member(context, "client"));
                    default: return null;
                }
            });
        }

        static object Client(Type contract, JsonElement client)
        {
            if (client.ValueKind != JsonValueKind.Object) return null;
            return Facade.Of(contract, (member, arguments) =>
            {
                switch (member.Name)
                {
                    case "get_AppPackageName": return Text(client, "app_package_name");
                    case "get_AppTitle": return Text(client, "app_title");
                    case "get_AppVersionCode": return Text(client, "app_version_code");
                    case "get_AppVersionName": return Text(client, "app_version_name");
                    case "get_InstallationId": return Text(client, "installation_id");
                    default: return null;
                }
            });
        }

        static JsonElement Parse(string json)
        {
            return string.IsNullOrWhiteSpace(json) ? default : JsonDocument.Parse(json).RootElement;
        }

        static JsonElement Member(JsonElement element, string name)
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : default;
        }

        static string Text(JsonElement element, string name)
        {
            JsonElement value = Member(element, name);
            return value.ValueKind == JsonValueKind.Undefined ? null : value.ToString();
        }

        static IDictionary<string, string> Texts(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Object) return null;
            var texts = new Dictionary<string, string>();
            foreach (JsonProperty property in element.EnumerateObject()) texts[property.Name] = property.Value.ToString();
            return texts;
        }
    }
}
