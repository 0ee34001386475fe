/** Runs a Java function: loads the handler, polls the Runtime API, calls the handler and posts what it answers. */
package slslocal;

import java.io.IOError;
import java.io.IOException;

public final class Bootstrap {
  /** Tracers and the AWS SDK read it; the environment of a running JVM cannot change. */
  private static final String TRACE_PROPERTY = "com.amazonaws.xray.traceHeader";

  private final RuntimeApi api;
  private final Log log = new Log();
  private final UserCode code;

  private Bootstrap(RuntimeApi api, UserCode code) {
    this.api = api;
    this.code = code;
  }

  public static void main(String[] args) throws IOException {
    Log.openOutput();
    RuntimeApi api = new RuntimeApi(System.getenv("AWS_LAMBDA_RUNTIME_API"));
    UserCode code = new UserCode(System.getenv("LAMBDA_TASK_ROOT"), System.getenv("CLASSPATH"));
    try {
      new Bootstrap(api, code).run(System.getenv("_HANDLER"));
    } catch (IOException hungUp) {
      // Nobody is left to be told.
      System.exit(1);
    }
  }

  private void run(String name) throws IOException {
    Thread.currentThread().setContextClassLoader(code.loader);
    Handler handler = load(name);
    for (boolean goesOn = true; goesOn; ) goesOn = serve(handler);
    System.exit(1);
  }

  private Handler load(String name) throws IOException {
    try {
      log.giveTo(code);
      return new HandlerFinder(code).find(name);
    } catch (Fault fault) {
      log.fault(fault);
      api.failInit(fault.toJson(), "Runtime.BadFunctionCode");
      System.exit(1);
      return null;
    }
  }

  /** False when the JVM cannot be trusted to serve another event. */
  private boolean serve(Handler handler) throws IOException {
    Invocation event = api.next();
    if (event == null) return true;
    if (event.traceHeader() == null) System.clearProperty(TRACE_PROPERTY);
    else System.setProperty(TRACE_PROPERTY, event.traceHeader());
    log.begin(event);
    try {
      byte[] answer = handler.handle(event.body, new ContextMaker(code, log).make(event));
      Thread.interrupted();
      log.flush();
      api.respond(event, answer);
      return true;
    } catch (Throwable thrown) {
      Fault fault = Fault.of(thrown);
      log.fault(fault);
      api.fail(event, fault.toJson(), "Runtime.UserException");
      return !(thrown instanceof VirtualMachineError || thrown instanceof IOError);
    }
  }
}
