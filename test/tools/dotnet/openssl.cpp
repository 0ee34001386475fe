// Functions of OpenSSL 1.1 that OpenSSL 3 has under other names.
extern "C" {
int EVP_MD_get_size(const void *digest);
void *SSL_get1_peer_certificate(const void *connection);
void ERR_new();
void ERR_set_debug(const char *file, int line, const char *function);
void ERR_set_error(int library, int reason, const char *format, ...);

int EVP_MD_size(const void *digest) { return EVP_MD_get_size(digest); }

void *SSL_get_peer_certificate(const void *connection) { return SSL_get1_peer_certificate(connection); }

void ERR_put_error(int library, int, int reason, const char *file, int line) {
  ERR_new();
  ERR_set_debug(file, line, "");
  ERR_set_error(library, reason, nullptr);
}
}
