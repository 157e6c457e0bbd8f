package pricelist

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"outcry"
	"outcry/cmd/outcry/input"
)

// columns are those of the file; the first three are needed.
var columns = []string{"code", "price", "currency", "message", "lead_minutes", "stock", "match", "attributes"}

// The bounds of a list.
const (
	// MaxText is how many bytes its file may have.
	MaxText  = 4 << 20
	maxLines = 5 * outcry.MaxBook
	maxLead  = outcry.MaxAhead / time.Minute
	maxStock = 1_000_000_000
	maxTold  = 50 // faults
)

// Read reads a list: a CSV file whose first line names its columns. It is
// refused as a whole with all that is wrong in it: an Invalid error whose fields
// have locations such as "12:15 price", line and column from 1.
func Read(from io.Reader) (List, error) {
	text, err := io.ReadAll(io.LimitReader(from, MaxText+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the price list: %w", err)
	case len(text) > MaxText:
		return nil, at(1, 1, "", "the price list is too long; it may have %d bytes", MaxText)
	case !utf8.Valid(text):
		return nil, at(1, 1, "", "the price list is not UTF-8; save the file as UTF-8")
	}
	r := reader{in: csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))), list: List{}, keys: map[string]int{}}
	r.in.TrimLeadingSpace, r.in.FieldsPerRecord = true, -1
	r.read()
	if r.faults != nil {
		return nil, r.faults.Err()
	}
	return r.list, nil
}

// at is an error with one fault.
func at(line, column int, path, format string, args ...any) error {
	var c outcry.Complaints
	c.Add(location(line, column, path), format, args...)
	return c.Err()
}

func location(line, column int, path string) string {
	return strings.TrimSpace(fmt.Sprintf("%d:%d %s", line, column, path))
}

// reader is a list on its way.
type reader struct {
	in     *csv.Reader
	at     map[string]int // where each column stands
	row    []string
	line   int // of the row
	list   List
	keys   map[string]int // the line of each key
	count  int
	faults outcry.Complaints
}

// read reads all; what is wrong is among the faults.
func (r *reader) read() {
	if !r.next() {
		if r.faults == nil {
			r.fault(0, "", "the file is empty; begin it with the line %s", strings.Join(columns[:5], ","))
		}
		return
	}
	if r.header(); r.faults != nil {
		return
	}
	for r.next() && len(r.faults) < maxTold {
		if len(r.row) != len(r.at) {
			r.fault(0, "", "this line has %d cells, the first line %d columns; a cell with a comma stands in quotes", len(r.row), len(r.at))
			continue
		}
		if r.count++; r.count > maxLines {
			r.fault(0, "", "the price list has more than %d lines", maxLines)
			return
		}
		r.take()
	}
	if r.count == 0 && r.faults == nil {
		r.fault(0, "", "the price list has no lines; write one a code below the first line")
	}
}

// next reads a row; false at the end, or where the rest cannot be read.
func (r *reader) next() bool {
	row, err := r.in.Read()
	if e := (*csv.ParseError)(nil); errors.As(err, &e) {
		r.faults.Add(location(e.Line, e.Column, ""), "this is no CSV: %s", strings.TrimPrefix(e.Err.Error(), "csv: "))
		return false
	}
	if err != nil {
		return false
	}
	r.row = row
	r.line, _ = r.in.FieldPos(0)
	return true
}

// fault notes what is wrong with a cell of the row.
func (r *reader) fault(cell int, column, format string, args ...any) {
	line, at := max(r.line, 1), 1
	if cell < len(r.row) {
		line, at = r.in.FieldPos(cell)
	}
	r.faults.Add(location(line, at, column), format, args...)
}

// header says where each column stands.
func (r *reader) header() {
	r.at = map[string]int{}
	for i, name := range r.row {
		name = strings.ToLower(strings.TrimSpace(name))
		_, twice := r.at[name]
		switch {
		case !slices.Contains(columns, name):
			r.fault(i, "", "there is no column %q; the columns are %s", name, strings.Join(columns, ", "))
		case twice:
			r.fault(i, "", "the column %s stands here twice", name)
		}
		r.at[name] = i
	}
	for _, name := range columns[:3] {
		if _, ok := r.at[name]; !ok && r.faults == nil {
			r.fault(0, "", "the price list has no column %s; begin it with the line %s", name, strings.Join(columns[:5], ","))
		}
	}
}

// take reads the row as a line of the list.
func (r *reader) take() {
	before := len(r.faults)
	line := Line{Row: r.line, Message: r.cell("message")}
	r.column("code", func(text string) (err error) {
		if line.Code, err = outcry.ParseCode(text); err != nil {
			return fmt.Errorf("%q is no code; write it as scheme:id, for example osm:shop=bakery", text)
		}
		return nil
	})
	currency := strings.ToUpper(r.cell("currency"))
	r.column("currency", func(string) error {
		if !outcry.KnownCurrency(currency) {
			return fmt.Errorf("%q is no currency; write three letters, for example GBP", currency)
		}
		return nil
	})
	r.column("price", func(text string) error {
		if strings.Trim(text, "0123456789.,") != "" {
			return errors.New("write a number without a sign or a currency, for example 2.40")
		}
		amount, err := input.Minor(text, currency)
		line.Price = outcry.Money{Amount: amount, Currency: currency}
		if err != nil && outcry.KnownCurrency(currency) {
			return err
		}
		return nil
	})
	r.extras(&line)
	if len(r.faults) > before {
		return
	}
	if first, twice := r.keys[line.Key()]; twice {
		r.fault(r.at["code"], "code", "%s stands on line %d already; let match tell them apart", line.Key(), first)
		return
	}
	r.keys[line.Key()] = r.line
	r.list[line.Code] = append(r.list[line.Code], line)
}

// extras reads what a line may leave out.
func (r *reader) extras(line *Line) {
	r.column("message", func(text string) error {
		if utf8.RuneCountInString(text) > outcry.MaxMessage {
			return fmt.Errorf("write at most %d characters", outcry.MaxMessage)
		}
		return nil
	})
	r.column("lead_minutes", func(text string) error {
		n, err := whole(text, int(maxLead))
		line.Lead = time.Duration(n) * time.Minute
		if err != nil {
			return errors.New("write a whole number of minutes, for example 25")
		}
		return nil
	})
	r.column("stock", func(text string) (err error) {
		if line.Stock, err = whole(text, maxStock); err != nil {
			return errors.New("write how many there are as a whole number, for example 12, or nothing where they are not counted")
		}
		line.Counted = text != ""
		return nil
	})
	r.column("match", func(text string) (err error) {
		if text != "" {
			line.Match, err = readMatch(text)
		}
		return err
	})
	r.column("attributes", func(text string) error {
		if text == "" {
			return nil
		}
		if json.Unmarshal([]byte(text), &map[string]any{}) != nil {
			return errors.New(`write a JSON object, for example {"sliced":true}`)
		}
		line.Attributes = json.RawMessage(text)
		return nil
	})
}

// cell is the text of a column; "" where the file has none.
func (r *reader) cell(column string) string {
	if i, ok := r.at[column]; ok {
		return strings.TrimSpace(r.row[i])
	}
	return ""
}

// column reads a cell; an error is a fault at its place.
func (r *reader) column(name string, read func(text string) error) {
	if err := read(r.cell(name)); err != nil {
		r.fault(r.at[name], name, "%s", err)
	}
}

// whole reads a number from 0 to most; "" is 0.
func whole(text string, most int) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		return 0, errors.New("no such number")
	}
	return n, nil
}
