/** The Runtime API over one connection that stays open; the classes of the framework for HTTP take longer to load. */
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;

namespace SlsLocal
{
    /** The platform has closed the line. */
    sealed class HungUp : Exception { }

    sealed class RuntimeApi
    {
        const string Base = "/2018-06-01/runtime";
        static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");

        readonly string address;
        readonly byte[] buffer = new byte[65536];
        int at;
        int end;
        Socket socket;

        /** `host:port`. */
        public RuntimeApi(string address)
        {
            this.address = address;
        }

        /** Waits for the next event; null where the platform had none to give. */
        public Invocation Next()
        {
            var headers = new Dictionary<string, string>();
            int status = Call("GET", Base + "/invocation/next", null, "", headers, out byte[] body);
            return status == 200 ? new Invocation(body, headers) : null;
        }

        public void Respond(Invocation invocation, byte[] answer)
        {
            Post("/invocation/" + invocation.RequestId + "/response", answer, NonceOf(invocation));
        }

        public void Fail(Invocation invocation, byte[] json, string type)
        {
            Post("/invocation/" + invocation.RequestId + "/error", json, NonceOf(invocation) + ErrorType(type));
        }

        public void FailInit(byte[] json, string type)
        {
            Post("/init/error", json, ErrorType(type));
        }

        static string ErrorType(string type)
        {
            return "Lambda-Runtime-Function-Error-Type: " + type + "\r\n";
        }

        static string NonceOf(Invocation invocation)
        {
            return invocation.Nonce == null ? "" : "Lambda-Runtime-Invocation-Id: " + invocation.Nonce + "\r\n";
        }

        void Post(string path, byte[] body, string headers)
        {
            headers = "Content-Type: application/json\r\n" + headers;
            Call("POST", Base + path, body, headers, new Dictionary<string, string>(), out _);
        }

        /** Fills `received` with headers, their names in lower case. */
        int Call(
            string method,
            string path,
            byte[] body,
            string headers,
            Dictionary<string, string> received,
            out byte[] answer)
        {
            try
            {
                if (socket == null) Connect();
                string length = body == null ? "" : "Content-Length: " + body.Length + "\r\n";
                string head = method + " " + path + " HTTP/1.1\r\nHost: " + address + "\r\n" + headers + length + "\r\n";
                Send(Joined(Latin1.GetBytes(head), body));
                return Read(received, out answer);
            }
            catch (SocketException)
            {
                throw new HungUp();
            }
        }

        /** One write is one packet: the second of two would wait for the first to be acknowledged. */
        static byte[] Joined(byte[] head, byte[] body)
        {
            if (body == null) return head;
            var all = new byte[head.Length + body.Length];
            Buffer.BlockCopy(head, 0, all, 0, head.Length);
            Buffer.BlockCopy(body, 0, all, head.Length, body.Length);
            return all;
        }

        void Send(byte[] bytes)
        {
            for (int sent = 0; sent < bytes.Length;)
                sent += socket.Send(bytes, sent, bytes.Length - sent, SocketFlags.None);
        }

        int Read(Dictionary<string, string> headers, out byte[] body)
        {
            int status = int.Parse(Line().Split(' ')[1], CultureInfo.InvariantCulture);
            for (string line = Line(); line.Length > 0; line = Line())
            {
                int colon = line.IndexOf(':');
                headers[line.Substring(0, colon).ToLowerInvariant()] = line.Substring(colon + 1).Trim();
            }
            bool chunked = Is(headers, "transfer-encoding", "chunked");
            headers.TryGetValue("content-length", out string length);
            body = chunked ? Chunks() : Exactly(length == null ? 0 : int.Parse(length, CultureInfo.InvariantCulture));
            if (Is(headers, "connection", "close")) Disconnect();
            return status;
        }

        static bool Is(Dictionary<string, string> headers, string name, string value)
        {
            return headers.TryGetValue(name, out string found)
                && string.Equals(found, value, StringComparison.OrdinalIgnoreCase);
        }

        byte[] Chunks()
        {
            var all = new MemoryStream();
            for (int size = ChunkSize(); size > 0; size = ChunkSize())
            {
                all.Write(Exactly(size), 0, size);
                Line();
            }
            while (Line().Length > 0) { }
            return all.ToArray();
        }

        int ChunkSize()
        {
            return int.Parse(Line().Split(';')[0].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        byte[] Exactly(int length)
        {
            var bytes = new byte[length];
            int have = Math.Min(length, end - at);
            Buffer.BlockCopy(buffer, at, bytes, 0, have);
            at += have;
            while (have < length)
            {
                int count = socket.Receive(bytes, have, length - have, SocketFlags.None);
                if (count == 0) throw new HungUp();
                have += count;
            }
            return bytes;
        }

        string Line()
        {
            var line = new StringBuilder();
            for (int c = Byte(); c != '\n'; c = Byte())
                if (c != '\r') line.Append((char)c);
            return line.ToString();
        }

        int Byte()
        {
            if (at == end)
            {
                at = 0;
                end = socket.Receive(buffer, 0, buffer.Length, SocketFlags.None);
                if (end == 0) throw new HungUp();
            }
            return buffer[at++];
        }

        void Connect()
        {
            int colon = address.LastIndexOf(':');
            var made = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            made.Connect(address.Substring(0, colon), int.Parse(address.Substring(colon + 1), CultureInfo.InvariantCulture));
            socket = made;
            at = end = 0;
        }

        void Disconnect()
        {
            socket.Dispose();
            socket = null;
        }
    }
}
