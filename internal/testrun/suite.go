package testrun

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Options say which tests to run, and how.
type Options struct {
	// Run picks tests by their names; nil: all.
	Run *regexp.Regexp
	// FailFast begins no test after one has failed.
	FailFast bool
	// Shuffle runs the tests in the order that Seed gives. What is reported stays in
	// the order of the files.
	Shuffle bool
	Seed    uint64
	// Update writes snapshots instead of comparing with them.
	Update bool
	// Strict resolves what no source settles to the refusing side.
	Strict bool
	// Change, if set, gives the text that stands in for that of a document, which is
	// named by its path: do the tests notice?
	Change func(document string, text []byte) []byte
}

// Suite is the tests of many files.
type Suite struct {
	Files []*SuiteFile
	// Folders were looked through for files.
	Folders []string
}

// SuiteFile is a file of a suite.
type SuiteFile struct {
	*File
	// Unusable is what is wrong with the file itself; nil if it can be run.
	Unusable error
	// Unloadable is what is wrong with what its tests are about: they all fail.
	Unloadable error
	Results    []*Result

	subject *Subject
	reads   []string
	follow  func(folder string) // told of each folder before something in it is read
}

// suffix is how the names of test files end.
const suffix = ".test.yaml"

// Find reads the files that paths name: a file, or a folder and all below it whose name
// ends in .test.yaml. The error names what is not there.
func Find(paths []string) (*Suite, error) { return find(paths, func(string) {}) }

// find is Find that tells follow of each folder before something in it is read, now or when
// the tests run.
func find(paths []string, follow func(folder string)) (*Suite, error) {
	s := &Suite{}
	seen := make(map[string]bool)
	add := func(path string) {
		if clean := filepath.Clean(path); !seen[clean] {
			seen[clean] = true
			s.Files = append(s.Files, &SuiteFile{File: &File{Path: path}, follow: follow})
		}
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: %s", path, reason(err))
		case !info.IsDir():
			add(path)
			continue
		}
		s.Folders = append(s.Folders, path)
		follow(path)
		found, err := below(path)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			add(f)
		}
	}
	if len(s.Files) == 0 {
		return nil, fmt.Errorf("there is no file *%s below %s", suffix, strings.Join(paths, ", "))
	}
	for _, f := range s.Files {
		f.read()
	}
	return s, nil
}

// below are the test files in a folder and the folders in it, but for hidden ones.
func below(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder) // sorted
	if err != nil {
		return nil, fmt.Errorf("%s: %s", folder, reason(err))
	}
	var found []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		switch {
		case e.IsDir() && !strings.HasPrefix(e.Name(), "."):
			inside, err := below(path)
			if err != nil {
				return nil, err
			}
			found = append(found, inside...)
		case !e.IsDir() && strings.HasSuffix(e.Name(), suffix):
			found = append(found, path)
		}
	}
	return found, nil
}

func (f *SuiteFile) read() {
	path := f.Path
	f.open(path)
	data, err := os.ReadFile(path)
	if err != nil {
		f.Unusable = fmt.Errorf("%s: %s", path, reason(err))
		return
	}
	file, err := Read(path, data)
	if err != nil {
		f.Unusable = err
		return
	}
	f.File = file
}

// Reads are the paths of the files that the tests depend on, absolute, as far as they are
// known.
func (f *SuiteFile) Reads() []string {
	paths := slices.Clone(f.reads)
	if abs, err := filepath.Abs(f.Path); err == nil {
		paths = append(paths, abs)
	}
	return paths
}

// work is a test to be run.
type work struct {
	file   *SuiteFile
	result int
	test   *Test
}

// Run runs the suite's tests beside one another. Report is called with each file once
// all its tests are done, in the order of the files.
func (s *Suite) Run(o Options, report func(*SuiteFile) error) error {
	var failed atomic.Bool
	all := s.plan(&o)
	if o.Shuffle {
		r := rand.New(rand.NewPCG(o.Seed, 0))
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	left := make(map[*SuiteFile]*sync.WaitGroup)
	for _, f := range s.Files {
		left[f] = &sync.WaitGroup{}
		left[f].Add(len(f.Results))
		if f.Unusable != nil || f.Unloadable != nil {
			failed.Store(true)
		}
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(all)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(all); i = int(next.Add(1)) - 1 {
				w := all[i]
				w.file.Results[w.result] = w.run(&o, &failed)
				left[w.file].Done()
			}
		})
	}
	defer workers.Wait()
	for _, f := range s.Files {
		left[f].Wait()
		if err := f.keepSnapshots(o.Update); err != nil {
			return err
		}
		if err := report(f); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) run(o *Options, failed *atomic.Bool) *Result {
	switch {
	case w.file.Unloadable != nil:
		return &Result{File: w.file.File, Test: w.test, Failures: []Failure{{
			File: w.file.Path, Line: w.test.Line, Col: w.test.Col, Message: "what the test is about can't be loaded",
		}}}
	case o.FailFast && failed.Load():
		return &Result{File: w.file.File, Test: w.test, Skipped: true}
	}
	r := w.file.File.run(w.file.subject, w.test, o)
	if len(r.Failures) > 0 {
		failed.Store(true)
	}
	return r
}

// plan loads what is tested and lists the tests that are to run.
func (s *Suite) plan(o *Options) []work {
	var all []work
	for _, f := range s.Files {
		f.Results = nil
		if f.Unusable != nil {
			continue
		}
		for _, t := range f.Tests {
			if o.Run == nil || o.Run.MatchString(t.Name) {
				all = append(all, work{f, len(f.Results), t})
				f.Results = append(f.Results, nil)
			}
		}
		if len(f.Results) > 0 {
			f.load(o.Change)
		}
	}
	return all
}

func (f *SuiteFile) load(change func(document string, text []byte) []byte) {
	f.reads = nil
	f.subject, f.Unloadable = f.File.load(change, f.open)
	if f.Unloadable == nil {
		f.reads = f.subject.Files()
	}
}

// open notes a file that is about to be read.
func (f *SuiteFile) open(path string) {
	if abs, err := filepath.Abs(path); err == nil {
		f.reads = append(f.reads, abs)
	}
	f.follow(filepath.Dir(path))
}

func (f *SuiteFile) keepSnapshots(update bool) error {
	for _, r := range f.Results {
		if err := r.checkSnapshots(update); err != nil {
			return err
		}
	}
	return nil
}

// Counts are how many tests passed, failed and were skipped.
func (f *SuiteFile) Counts() (passed, failed, skipped int) {
	for _, r := range f.Results {
		switch {
		case r.Skipped:
			skipped++
		case len(r.Failures) > 0:
			failed++
		default:
			passed++
		}
	}
	return passed, failed, skipped
}
