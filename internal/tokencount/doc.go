// Package tokencount counts tokens exactly as OpenAI's models do.
//
// A text becomes tokens in two stages, and the files follow them. It is cut
// into pieces by a published pattern, roughly a word, a number or a run of
// blanks each (pieces.go); then the bytes of each piece are merged, pair by
// pair, the pair of lowest rank first, until no pair stands in the vocabulary
// (merge.go). Pattern and vocabulary together are an [Encoding]; [ForModel]
// names a model's. What a chat adds around its messages' text is in chat.go.
//
// Counts equal those of OpenAI's own tiktoken; testdata holds its answers.
// Nothing is fetched: the vocabularies are in the binary, and each is unpacked
// at its first use, which takes up to 100 ms and leaves 10 MB in memory. Time grows
// with the text's length only, also where a run of one character is all there
// is: a megabyte of prose takes a laptop half a second, the worst text found so
// far five. So there is no bound here; a caller bounds what it reads.
//
// The package is the ground that the gateway's token policies and the emulated
// Azure OpenAI stand on; it knows of neither.
package tokencount
