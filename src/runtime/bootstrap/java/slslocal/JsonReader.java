/** JSON text → maps, lists, texts, numbers, booleans and null. */
package slslocal;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class JsonReader {
  /** Deeper ones are refused, before the stack is at its end. */
  private static final int MOST_LEVELS = 1000;

  private final String text;
  private int at;
  private int level;

  private JsonReader(String text) {
    this.text = text;
  }

  static Object read(byte[] bytes) {
    return read(new String(bytes, StandardCharsets.UTF_8));
  }

  /** Throws `IllegalArgumentException`. */
  static Object read(String text) {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value();
    reader.skipSpace();
    if (reader.at < text.length()) throw reader.unexpected();
    return value;
  }

  private Object value() {
    skipSpace();
    if (at >= text.length()) throw unexpected();
    switch (text.charAt(at)) {
      case '{':
        return object();
      case '[':
        return list();
      case '"':
        return string();
      case 't':
        return word("true", Boolean.TRUE);
      case 'f':
        return word("false", Boolean.FALSE);
      case 'n':
        return word("null", null);
      default:
        return number();
    }
  }

  private Map<String, Object> object() {
    descend();
    Map<String, Object> map = new LinkedHashMap<>();
    if (!endsWith('}'))
      do {
        skipSpace();
        if (at >= text.length() || text.charAt(at) != '"') throw unexpected();
        String key = string();
        expect(':');
        map.put(key, value());
      } while (goesOn('}'));
    level--;
    return map;
  }

  private List<Object> list() {
    descend();
    List<Object> list = new ArrayList<>();
    if (!endsWith(']'))
      do list.add(value());
      while (goesOn(']'));
    level--;
    return list;
  }

  private void descend() {
    at++;
    if (++level > MOST_LEVELS) throw new IllegalArgumentException("JSON nested deeper than " + MOST_LEVELS + " levels");
  }

  private boolean endsWith(char end) {
    skipSpace();
    if (at >= text.length() || text.charAt(at) != end) return false;
    at++;
    return true;
  }

  private boolean goesOn(char end) {
    if (endsWith(end)) return false;
    expect(',');
    return true;
  }

  private void expect(char c) {
    skipSpace();
    if (at >= text.length() || text.charAt(at) != c) throw unexpected();
    at++;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) throw unexpected();
    at += word.length();
    return value;
  }

  private String string() {
    int from = ++at;
    int end = from;
    while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\\') end++;
    at = end;
    if (end < text.length() && text.charAt(end) == '"') {
      at++;
      return text.substring(from, end);
    }
    StringBuilder unescaped = new StringBuilder(text.substring(from, end));
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') return unescaped.toString();
      unescaped.append(c == '\\' ? escaped() : c);
    }
    throw unexpected();
  }

  private char escaped() {
    if (at >= text.length()) throw unexpected();
    char c = text.charAt(at++);
    switch (c) {
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u':
        if (at + 4 > text.length()) throw unexpected();
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
      default:
        return c;
    }
  }

  private Number number() {
    int from = at;
    boolean whole = true;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '.' || c == 'e' || c == 'E') whole = false;
      else if (c != '-' && c != '+' && (c < '0' || c > '9')) break;
    }
    String digits = text.substring(from, at);
    try {
      return whole ? smallest(digits) : (Number) Double.valueOf(digits);
    } catch (NumberFormatException wrong) {
      at = from;
      throw unexpected();
    }
  }

  private static Number smallest(String digits) {
    if (digits.length() > 18) {
      BigInteger big = new BigInteger(digits);
      return big.bitLength() < 64 ? (Number) big.longValue() : big;
    }
    long value = Long.parseLong(digits);
    return value == (int) value ? (Number) (int) value : (Number) value;
  }

  private void skipSpace() {
    while (at < text.length() && text.charAt(at) <= ' ') at++;
  }

  private IllegalArgumentException unexpected() {
    String found = at < text.length() ? "unexpected character '" + text.charAt(at) + "'" : "unexpected end";
    return new IllegalArgumentException("no JSON: " + found + " at position " + at);
  }
}
