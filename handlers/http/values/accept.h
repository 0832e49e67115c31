/* SPDX-License-Identifier: MIT */
/* What a client would like (RFC 9110 12.5, RFC 4647): qualities in thousandths, 0 refuses. */
#ifndef HTTP_VALUES_ACCEPT_H
#define HTTP_VALUES_ACCEPT_H

/* Each takes a field's whole value, or NULL: it was not sent, and all suit alike (1000).  What is
 * malformed in a list is passed over, and so is a quality that is none. */
int http_quality_of_type(const char *accept, const char *type); /* "text/html;charset=utf-8" */
/* As RFC 4647 3.3.1 (basic filtering) has it, and "de" also for the wish "de-CH", a little less
 * liked (by a thousandth), as lookup (3.4) would find it. */
int http_quality_of_language(const char *accept, const char *tag);
int http_quality_of_charset(const char *accept, const char *charset);
/* coding NULL stands for identity, which is acceptable unless it is refused (RFC 9110 12.5.3). */
int http_quality_of_encoding(const char *accept, const char *coding);

#endif
