/** Runs a method of a .NET class library: loads it, polls the Runtime API, calls it and posts what it answers. */
using System;

namespace SlsLocal
{
    static class Bootstrap
    {
        static int Main()
        {
            Log.Open();
            Assemblies.ResolveFromPackage();
            LambdaCore.OnLoad(LambdaCore.TakeOver);
            var api = new RuntimeApi(Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API"));
            try
            {
                UserMethod method = Load(api);
                while (method != null) Serve(api, method);
                return 1;
            }
            catch (HungUp)
            {
                // Nobody is left to be told.
                return 1;
            }
        }

        static UserMethod Load(RuntimeApi api)
        {
            try
            {
                return HandlerFinder.Find(Environment.GetEnvironmentVariable("_HANDLER"));
            }
            catch (Exception thrown)
            {
                Log.Fault(thrown);
                api.FailInit(Fault.ToJson(thrown), thrown.GetType().Name);
                return null;
            }
        }

        static void Serve(RuntimeApi api, UserMethod method)
        {
            Invocation invocation = api.Next();
            if (invocation == null) return;
            Log.Current = invocation;
            // Tracers and the AWS SDK read it.
            Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.TraceId);
            LambdaCore.TellTraceId(invocation.TraceId);
            byte[] answer;
            try
            {
                answer = method.Call(invocation);
            }
            catch (Exception thrown)
            {
                Log.Fault(thrown);
                api.Fail(invocation, Fault.ToJson(thrown), thrown.GetType().Name);
                return;
            }
            api.Respond(invocation, answer);
        }
    }
}
