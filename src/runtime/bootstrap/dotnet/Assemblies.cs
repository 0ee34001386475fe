/** Finds assemblies of a package that has no list of them (`*.deps.json`): those that lie in its folder. */
using System;
using System.IO;
using System.Runtime.Loader;

namespace SlsLocal
{
    static class Assemblies
    {
        public static void ResolveFromPackage()
        {
            string folder = Environment.GetEnvironmentVariable("LAMBDA_TASK_ROOT") ?? ".";
            AssemblyLoadContext.Default.Resolving += (context, name) =>
            {
                string culture = string.IsNullOrEmpty(name.CultureName) ? "" : name.CultureName;
                string file = Path.Combine(folder, culture, name.Name + ".dll");
                return File.Exists(file) ? context.LoadFromAssemblyPath(Path.GetFullPath(file)) : null;
            };
        }
    }
}
