/** The Runtime API over one connection that stays open. The classes of the JDK for HTTP would take a tenth of a second to load. */
package slslocal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

final class RuntimeApi {
  private static final String BASE = "/2018-06-01/runtime";

  private final String address;
  private Socket socket;
  private InputStream in;
  private OutputStream out;

  /** `host:port`. */
  RuntimeApi(String address) {
    this.address = address;
  }

  /** Waits for the next event; null where the platform had none to give. */
  Invocation next() throws IOException {
    Reply reply = call("GET", BASE + "/invocation/next", null, "");
    return reply.status == 200 ? new Invocation(reply.body, reply.headers) : null;
  }

  void respond(Invocation event, byte[] answer) throws IOException {
    String path = BASE + "/invocation/" + event.requestId() + "/response";
    call("POST", path, answer, "Content-Type: application/json\r\n" + nonceOf(event));
  }

  void fail(Invocation event, String json, String type) throws IOException {
    String path = BASE + "/invocation/" + event.requestId() + "/error";
    call("POST", path, json.getBytes(StandardCharsets.UTF_8), errorHeaders(type) + nonceOf(event));
  }

  void failInit(String json, String type) throws IOException {
    call("POST", BASE + "/init/error", json.getBytes(StandardCharsets.UTF_8), errorHeaders(type));
  }

  private static String errorHeaders(String type) {
    return "Content-Type: application/json\r\nLambda-Runtime-Function-Error-Type: " + type + "\r\n";
  }

  private static String nonceOf(Invocation event) {
    return event.nonce() == null ? "" : "Lambda-Runtime-Invocation-Id: " + event.nonce() + "\r\n";
  }

  private Reply call(String method, String path, byte[] body, String headers) throws IOException {
    if (socket == null) connect();
    String length = body == null ? "" : "Content-Length: " + body.length + "\r\n";
    String head = method + " " + path + " HTTP/1.1\r\nHost: " + address + "\r\n" + headers + length + "\r\n";
    out.write(joined(head.getBytes(StandardCharsets.ISO_8859_1), body));
    out.flush();
    Reply reply = Reply.read(in);
    if (reply.closes) disconnect();
    return reply;
  }

  /** One write is one packet: the second of two would wait for the first to be acknowledged. */
  private static byte[] joined(byte[] head, byte[] body) {
    if (body == null) return head;
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  private void connect() throws IOException {
    int colon = address.lastIndexOf(':');
    socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 65_536);
    out = socket.getOutputStream();
  }

  private void disconnect() throws IOException {
    socket.close();
    socket = null;
  }

  private static final class Reply {
    final int status;
    final Map<String, String> headers = new HashMap<>();
    boolean closes;
    byte[] body;

    private Reply(int status) {
      this.status = status;
    }

    static Reply read(InputStream in) throws IOException {
      Reply reply = new Reply(Integer.parseInt(line(in).split(" ")[1]));
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        int colon = line.indexOf(':');
        reply.headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
      }
      reply.closes = "close".equalsIgnoreCase(reply.headers.get("connection"));
      boolean chunked = "chunked".equalsIgnoreCase(reply.headers.get("transfer-encoding"));
      String length = reply.headers.get("content-length");
      reply.body = chunked ? chunks(in) : exactly(in, length == null ? 0 : Integer.parseInt(length));
      return reply;
    }

    private static byte[] chunks(InputStream in) throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
        all.write(exactly(in, size));
        line(in);
      }
      while (!line(in).isEmpty()) continue;
      return all.toByteArray();
    }

    private static int chunkSize(InputStream in) throws IOException {
      return Integer.parseInt(line(in).split(";")[0].trim(), 16);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
      byte[] bytes = new byte[length];
      for (int at = 0; at < length; ) {
        int count = in.read(bytes, at, length - at);
        if (count < 0) throw new EOFException("the platform has hung up");
        at += count;
      }
      return bytes;
    }

    private static String line(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) throw new EOFException("the platform has hung up");
        if (c != '\r') line.append((char) c);
      }
      return line.toString();
    }
  }
}
