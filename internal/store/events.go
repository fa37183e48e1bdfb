package store

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
	"unicode/utf8"
)

// EventFiles write events to files, a line of JSON each. A file that has grown to
// [EventFileSize] is put aside under its name and .1, in place of the one before. The
// zero value is ready.
type EventFiles struct {
	mu sync.Mutex
}

// EventFileSize is the most bytes of a file of events.
const EventFileSize = 64 << 20

type eventLine struct {
	Time         time.Time `json:"time"`
	RequestID    string    `json:"requestId"`
	Logger       string    `json:"logger"`
	PartitionID  string    `json:"partitionId,omitempty"`
	PartitionKey string    `json:"partitionKey,omitempty"`
	Body         string    `json:"body"`
	// BodyBase64 is set instead where the body is no text.
	BodyBase64 []byte `json:"bodyBase64,omitempty"`
}

// Write appends an event to a file, which its owner alone can read.
func (f *EventFiles) Write(file string, e LoggedEvent) error {
	line := eventLine{Time: e.Time.UTC(), RequestID: e.RequestID, Logger: e.Logger, PartitionID: e.PartitionID, PartitionKey: e.PartitionKey}
	if utf8.Valid(e.Body) {
		line.Body = string(e.Body)
	} else {
		line.BodyBase64 = e.Body
	}
	data, err := json.Marshal(line)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return appendTo(file, append(data, '\n'))
}

func appendTo(file string, data []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("the folder for events can't be made: %w", err)
	}
	if info, err := os.Stat(file); err == nil && info.Size()+int64(len(data)) > EventFileSize {
		if err := os.Rename(file, file+".1"); err != nil {
			return err
		}
	}
	out, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if closing := out.Close(); err == nil {
			err = closing
		}
	}()
	_, err = out.Write(data)
	return err
}
