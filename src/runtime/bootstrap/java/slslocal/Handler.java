/** What takes an event's bytes and gives the answer's. */
package slslocal;

interface Handler {
  byte[] handle(byte[] event, Object context) throws Throwable;
}
