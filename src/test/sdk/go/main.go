// Sends calls with Segment's unmodified Go SDK; prints what it gives up.
//
//	go run . URL KEY CALLS PAUSE_MS
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"gopkg.in/segmentio/analytics-go.v3"
)

type told struct{}

func (told) Success(analytics.Message) {}

func (told) Failure(_ analytics.Message, err error) { fmt.Println("failed 1", err) }

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

func main() {
	client, err := analytics.NewWithConfig(os.Args[2], analytics.Config{Endpoint: os.Args[1], Callback: told{}})
	if err != nil {
		panic(err)
	}
	for n := 0; n < number(os.Args[3]); n++ {
		event := fmt.Sprintf("go-segment %d", n)
		err := client.Enqueue(analytics.Track{UserId: "u", Event: event, Properties: analytics.NewProperties().Set("n", n)})
		if err != nil {
			fmt.Println("failed 1", err)
		}
		time.Sleep(time.Duration(number(os.Args[4])) * time.Millisecond)
	}
	time.Sleep(90 * time.Second) // Close gives up what is being tried again
	client.Close()
	fmt.Println("done")
}
