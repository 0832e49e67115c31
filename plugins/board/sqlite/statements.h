/* SPDX-License-Identifier: MIT */
/* All SQL that is run while the board serves; each is prepared once per store, at its first use. */
#ifndef BOARD_SQLITE_STATEMENTS_H
#define BOARD_SQLITE_STATEMENTS_H

/* A topic's first post is joined as "first", for the subject is part of it. */
#define SUBJECT    "CASE WHEN first.deleted THEN '(deleted)' ELSE topics.subject END"
#define FIRST_POST "LEFT JOIN posts AS first ON first.topic = topics.id AND first.position = 1 "
#define POST_COLUMNS_WITH(body)                                                               \
	"posts.id, posts.topic, posts.position, coalesce(posts.reply_to, 0), posts.created, " \
	"posts.edited, boards.name, " SUBJECT ", posts.name, " body                           \
	", posts.hidden, posts.deleted, first.hidden > first.deleted"
#define POST_COLUMNS POST_COLUMNS_WITH("posts.body")
#define POST_TABLES                                                                \
	"posts JOIN topics ON topics.id = posts.topic JOIN boards ON boards.id = " \
	"topics.board " FIRST_POST
/* A search goes through the matches as FTS5 has them, by number, so that it can stop anywhere.  Who
 * does not see a subject finds nothing by the copies of it that answers have. */
#define FOUND_COLUMNS POST_COLUMNS_WITH("''")
#define FOUND_TABLES                                                                               \
	"CROSS JOIN posts ON posts.id = words.rowid CROSS JOIN topics ON topics.id = posts.topic " \
	"CROSS JOIN boards ON boards.id = topics.board " FIRST_POST
#define SUBJECT_SEEN "(NOT first.deleted AND first.hidden <= ?2)"
#define FOUND_IN_BODY                                                                           \
	"EXISTS (SELECT 1 FROM words AS own WHERE own.words MATCH 'body : (' || ?1 || ')' AND " \
	"own.rowid = posts.id)"
#define TOPIC_COLUMNS                                                       \
	"topics.id, topics.posts, written, boards.name, " SUBJECT           \
	", last.name, locked, first.hidden > first.deleted "                \
	"FROM topics JOIN boards ON boards.id = topics.board "              \
	"JOIN posts AS last ON last.topic = topics.id AND last.position = " \
	"topics.posts " FIRST_POST

#define STATEMENTS(_)                                                                              \
	_(BEGIN, "BEGIN IMMEDIATE")                                                                \
	_(BEGIN_READ, "BEGIN")                                                                     \
	_(COMMIT, "COMMIT")                                                                        \
	_(ROLLBACK, "ROLLBACK")                                                                    \
	_(BOARD_ADD, "INSERT INTO boards (name, title) VALUES (?, ?)")                             \
	_(BOARD_TITLE, "UPDATE boards SET title = ?2 WHERE name = ?1")                             \
	_(BOARD_FIND, "SELECT id, topics, posts, name, title FROM boards WHERE name = ?")          \
	_(BOARDS, "SELECT id, topics, posts, name, title FROM boards ORDER BY name")               \
	_(BOARD_COUNT, "UPDATE boards SET topics = topics + ?2, posts = posts + 1 WHERE id = ?1")  \
	_(TOPICS, "SELECT " TOPIC_COLUMNS "WHERE topics.board = ? ORDER BY written DESC, "         \
		  "last.id DESC LIMIT ?3 OFFSET ?2")                                               \
	_(TOPIC, "SELECT " TOPIC_COLUMNS "WHERE topics.id = ?")                                    \
	_(TOPIC_ADD, "INSERT INTO topics (board, subject, written) VALUES (?, ?, ?)")              \
	_(TOPIC_STATE, "SELECT topics.posts, locked, boards.id, boards.name, subject FROM topics " \
		       "JOIN boards ON boards.id = topics.board WHERE topics.id = ?")              \
	_(TOPIC_COUNT, "UPDATE topics SET posts = posts + 1, written = max(written, ?2) "          \
		       "WHERE id = ?1")                                                            \
	_(TOPIC_EMPTY, "UPDATE topics SET subject = '' WHERE id = (SELECT topic FROM posts "       \
		       "WHERE id = ? AND position = 1)")                                           \
	_(TOPIC_LOCK, "UPDATE topics SET locked = ?2 WHERE id = ?1")                               \
	_(POST_ADD, "INSERT INTO posts (topic, position, reply_to, author, name, created, "        \
		    "subject, body, message_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")               \
	_(POST_TOPIC, "SELECT topic FROM posts WHERE id = ?")                                      \
	_(POST_STATE, "SELECT coalesce(author, 0), deleted, locked FROM posts "                    \
		      "JOIN topics ON topics.id = posts.topic WHERE posts.id = ?")                 \
	_(POST_EDIT, "UPDATE posts SET body = ?2, edited = ?3 WHERE id = ?1")                      \
	_(POST_DELETE, "UPDATE posts SET subject = '', body = '', deleted = 1 WHERE id = ?")       \
	_(POST_HIDE, "UPDATE posts SET hidden = ?2 WHERE id = ?1")                                 \
	_(POST, "SELECT " POST_COLUMNS " FROM " POST_TABLES "WHERE posts.id = ?")                  \
	_(POSTS, "SELECT " POST_COLUMNS " FROM " POST_TABLES "WHERE posts.topic = ?1 AND "         \
		 "posts.position >= ?2 ORDER BY posts.position LIMIT ?3")                          \
	_(TOPIC_AFTER,                                                                             \
	  "SELECT " POST_COLUMNS " FROM " POST_TABLES "WHERE posts.topic = ?1 AND "                \
	  "posts.position > coalesce((SELECT position FROM posts WHERE topic = ?1 AND "            \
	  "id <= ?2 ORDER BY position DESC LIMIT 1), 0) ORDER BY posts.position LIMIT ?3")         \
	_(BOARD_AFTER, "SELECT " POST_COLUMNS " FROM posts CROSS JOIN topics ON topics.id = "      \
		       "posts.topic CROSS JOIN boards ON boards.id = topics.board " FIRST_POST     \
		       "WHERE boards.name = ?1 AND posts.id > ?2 ORDER BY posts.id LIMIT ?3")      \
	_(ALL_AFTER, "SELECT " POST_COLUMNS " FROM " POST_TABLES                                   \
		     "WHERE posts.id > ?1 ORDER BY posts.id LIMIT ?2")                             \
	_(POST_LAST, "SELECT coalesce(max(id), 0) FROM posts")                                     \
	_(SEARCH, "SELECT " FOUND_COLUMNS " FROM words " FOUND_TABLES                              \
		  "WHERE words MATCH ?1 AND posts.hidden <= ?2 AND (" SUBJECT_SEEN                 \
		  " OR " FOUND_IN_BODY ") "                                                        \
		  "ORDER BY words.rowid DESC LIMIT ?3")                                            \
	_(USER_ADD, "INSERT INTO users (name, hash, created) VALUES (?, ?, ?)")                    \
	_(USER_FIND, "SELECT id, created, name, hash, moderator, banned FROM users "               \
		     "WHERE name = ?")                                                             \
	_(USER_BANNED, "SELECT banned FROM users WHERE id = ?")                                    \
	_(USER_PASSWORD, "UPDATE users SET hash = ?2 WHERE id = ?1")                               \
	_(USER_MODERATOR, "UPDATE users SET moderator = ?2 WHERE name = ?1")                       \
	_(USER_BAN, "UPDATE users SET banned = ?2 WHERE name = ?1")                                \
	_(ORIGINAL_ADD, "INSERT INTO originals (post, message) VALUES (?, ?)")                     \
	_(ORIGINAL_DROP, "DELETE FROM originals WHERE post = ?")                                   \
	_(IMPORTED, "SELECT id FROM posts WHERE message_id = ?")                                   \
	_(POSTS_UNNAMED, "SELECT EXISTS (SELECT 1 FROM posts JOIN topics ON topics.id = topic "    \
			 "WHERE message_id IS NULL AND board = ?)")                                \
	_(POSTS_NAME, "UPDATE posts SET message_id = lower(hex(randomblob(16))) || "               \
		      "'@post.modus-board.invalid' WHERE message_id IS NULL AND topic IN "         \
		      "(SELECT id FROM topics WHERE board = ?)")                                   \
	_(ARCHIVE,                                                                                 \
	  "SELECT " POST_COLUMNS ", message, posts.message_id, "                                   \
	  "(SELECT message_id FROM posts AS a WHERE a.id = posts.reply_to), "                      \
	  "first.message_id FROM " POST_TABLES "LEFT JOIN originals ON originals.post = posts.id " \
	  "WHERE +topics.board = ? ORDER BY posts.id")                                             \
	_(COUNTS, "SELECT (SELECT count(*) FROM boards), (SELECT count(*) FROM topics), "          \
		  "(SELECT count(*) FROM posts), (SELECT count(*) FROM users)")                    \
	_(VERIFY_PAGES, "SELECT integrity_check FROM pragma_integrity_check(1) "                   \
			"WHERE integrity_check <> 'ok'")                                           \
	_(VERIFY_LINKS, "SELECT printf('%s %d refers to what is not in %s', \"table\", rowid, "    \
			"parent) FROM pragma_foreign_key_check LIMIT 1")                           \
	_(VERIFY_TOPICS, "SELECT printf('topic %d counts %d posts, has %d at %d to %d', "          \
			 "topics.id, posts, n, first, last) FROM topics LEFT JOIN "                \
			 "(SELECT topic, count(*) AS n, min(position) AS first, "                  \
			 "max(position) AS last FROM posts GROUP BY topic) AS found "              \
			 "ON topic = topics.id WHERE n IS NOT posts OR first IS NOT 1 "            \
			 "OR last IS NOT posts LIMIT 1")                                           \
	_(VERIFY_BOARDS, "SELECT printf('board %s counts %d topics and %d posts, has %d and %d', " \
			 "name, boards.topics, boards.posts, count(topics.id), "                   \
			 "total(topics.posts)) FROM boards LEFT JOIN topics "                      \
			 "ON topics.board = boards.id GROUP BY boards.id "                         \
			 "HAVING boards.topics <> count(topics.id) OR "                            \
			 "boards.posts <> total(topics.posts) LIMIT 1")                            \
	_(VERIFY_WORDS, "INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")

#define STATEMENT_NAME(name, sql) SQL_##name,
enum statement { STATEMENTS(STATEMENT_NAME) SQL_COUNT };

#endif
