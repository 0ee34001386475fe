/** The classes of the function and its layers, apart from those of this bootstrap. */
package slslocal;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

final class UserCode {
  /** Of the platform's interfaces for handlers. */
  static final String RUNTIME = "com.amazonaws.services.lambda.runtime.";

  final ClassLoader loader;

  /**
   * The package's root and its `lib/*.jar`, as in the cloud; `classes` where a build put them. Then what the class path names,
   * `folder/*` for its archives. Last our copies of the platform's interfaces, for packages built without them (scope `provided`).
   */
  UserCode(String taskRoot, String classPath) throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    add(urls, new File(taskRoot));
    add(urls, new File(taskRoot, "classes"));
    addArchives(urls, new File(taskRoot, "lib"));
    for (String entry : (classPath == null ? "" : classPath).split(File.pathSeparator))
      if (entry.endsWith("*")) addArchives(urls, new File(entry.substring(0, entry.length() - 1)));
      else if (!entry.isEmpty()) add(urls, new File(entry));
    add(urls, new File(System.getProperty("slslocal.provided")));
    loader = new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getSystemClassLoader().getParent());
  }

  /** Null where neither the function nor we have it. */
  Class<?> runtimeClass(String name) {
    try {
      return Class.forName(RUNTIME + name, true, loader);
    } catch (ClassNotFoundException | LinkageError missing) {
      return null;
    }
  }

  private static void add(List<URL> urls, File place) throws MalformedURLException {
    if (place.exists()) urls.add(place.toURI().toURL());
  }

  private static void addArchives(List<URL> urls, File folder) throws MalformedURLException {
    File[] archives = folder.listFiles((dir, name) -> name.endsWith(".jar"));
    if (archives == null) return;
    Arrays.sort(archives);
    for (File archive : archives) add(urls, archive);
  }
}
