package onboarding

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"outcry"
)

// text is a file as UTF-8: unpacked where it is packed, without a byte order
// mark, from UTF-16 where it has that mark, and bytes that are not UTF-8 read as
// Windows-1252.
type text struct {
	*bufio.Reader
	western *western
}

// peeked is how much of a file is looked at before it is read: more than any
// line of headings.
const peeked = 64 << 10

var gzipMagic = []byte{0x1f, 0x8b}

// openText opens a file; it is read no further than MaxImportBytes.
func openText(r io.Reader) (text, error) {
	packed := bufio.NewReader(&bounded{r: r, left: MaxImportBytes})
	var plain io.Reader = packed
	magic, err := packed.Peek(len(gzipMagic))
	if err != nil && !errors.Is(err, io.EOF) {
		return text{}, unreadable(err)
	}
	if bytes.Equal(magic, gzipMagic) {
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			return text{}, unreadable(err)
		}
		plain = &bounded{r: unpacked, left: MaxImportBytes}
	}
	w := &western{}
	return text{bufio.NewReaderSize(transform.NewReader(plain, unicode.BOMOverride(w)), peeked), w}, nil
}

// converted is how many bytes were not UTF-8.
func (t text) converted() int { return t.western.bytes }

// unreadable is the error of a file that could not be read to its end.
func unreadable(err error) error {
	var known *outcry.Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, io.ErrUnexpectedEOF):
		return &outcry.Error{Op: "read file", Kind: outcry.Invalid, Code: "broken_file", Err: err,
			Msg: "the file is broken off or its packing is damaged; send it again"}
	}
	return fmt.Errorf("read file: %w", err)
}

// bounded reads no more than left bytes; more is an error.
type bounded struct {
	r    io.Reader
	left int
}

// Read reads on, up to the bound.
func (b *bounded) Read(p []byte) (int, error) {
	if len(p) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, &outcry.Error{Op: "read file", Kind: outcry.Invalid, Code: "too_large",
			Msg: fmt.Sprintf("a file has at most %d MiB, packed and unpacked; split it", MaxImportBytes>>20)}
	}
	return n, err
}

// western passes UTF-8 on and reads each other byte as Windows-1252, which is
// what spreadsheets of western Europe and the Americas write.
type western struct {
	transform.NopResetter
	bytes int // that were not UTF-8
}

// Transform is the transform.Transformer of the conversion.
func (w *western) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		r, size := utf8.DecodeRune(src[nSrc:])
		other := r == utf8.RuneError && size == 1
		if other && !atEOF && !utf8.FullRune(src[nSrc:]) {
			return nDst, nSrc, transform.ErrShortSrc
		}
		if other {
			r = charmap.Windows1252.DecodeByte(src[nSrc])
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		if other {
			w.bytes++
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += size
	}
	return nDst, nSrc, nil
}
